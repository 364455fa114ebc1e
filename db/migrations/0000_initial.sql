CREATE TABLE `accounts` (
	`user_id` text NOT NULL,
	`type` text NOT NULL,
	`provider` text NOT NULL,
	`provider_account_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`provider`, `provider_account_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `accounts_user` ON `accounts` (`user_id`);--> statement-breakpoint
CREATE TABLE `agents` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`definition` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agents_name` ON `agents` (`user_id`,`name`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text,
	`action` text NOT NULL,
	`target` text,
	`details` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_user` ON `audit` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `audit_time` ON `audit` (`created_at`);--> statement-breakpoint
CREATE TABLE `connections` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`base_url` text,
	`api` text NOT NULL,
	`model` text NOT NULL,
	`api_key` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `conversations` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`namespace` text NOT NULL,
	`title` text NOT NULL,
	`title_from` text NOT NULL,
	`store` text DEFAULT 'libsql' NOT NULL,
	`metadata` text DEFAULT '{}' NOT NULL,
	`pinned_at` integer,
	`archived_at` integer,
	`deleted_at` integer,
	`active_at` integer NOT NULL,
	`read_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `conversations_list` ON `conversations` (`user_id`,`active_at`,`id`);--> statement-breakpoint
CREATE INDEX `conversations_namespace` ON `conversations` (`user_id`,`namespace`,`active_at`,`id`);--> statement-breakpoint
CREATE TABLE `namespaces` (
	`user_id` text NOT NULL,
	`type` text NOT NULL,
	`label` text NOT NULL,
	`color` text NOT NULL,
	`default_agent` text NOT NULL,
	`retention_days` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `type`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `run_events` (
	`run` text NOT NULL,
	`first` integer NOT NULL,
	`chunks` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`run`, `first`)
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`branch_id` text NOT NULL,
	`user_id` text NOT NULL,
	`status` text NOT NULL,
	`agent` text NOT NULL,
	`model` text,
	`position` integer NOT NULL,
	`usage` text,
	`error` text,
	`stop_requested_at` integer,
	`heartbeat_at` integer,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `runs_conversation` ON `runs` (`conversation_id`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `runs_one_live_per_branch` ON `runs` (`branch_id`) WHERE status in ('queued', 'running', 'waiting');--> statement-breakpoint
CREATE INDEX `runs_live` ON `runs` (`heartbeat_at`) WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`email` text,
	`email_verified` integer,
	`image` text,
	`password_hash` text,
	`role` text NOT NULL,
	`sessions_valid_from` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);