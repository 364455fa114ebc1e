// Made by "npm run db:generate" from the SQL files beside it.
export const migrations: { tag: string; statements: string[] }[] = [
  {
    "tag": "0000_initial",
    "statements": [
      "CREATE TABLE `accounts` (\n\t`user_id` text NOT NULL,\n\t`type` text NOT NULL,\n\t`provider` text NOT NULL,\n\t`provider_account_id` text NOT NULL,\n\t`created_at` integer NOT NULL,\n\tPRIMARY KEY(`provider`, `provider_account_id`),\n\tFOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade\n);",
      "CREATE INDEX `accounts_user` ON `accounts` (`user_id`);",
      "CREATE TABLE `agents` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`user_id` text NOT NULL,\n\t`name` text NOT NULL,\n\t`definition` text NOT NULL,\n\t`created_at` integer NOT NULL,\n\t`updated_at` integer NOT NULL,\n\tFOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade\n);",
      "CREATE UNIQUE INDEX `agents_name` ON `agents` (`user_id`,`name`);",
      "CREATE TABLE `audit` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`user_id` text,\n\t`action` text NOT NULL,\n\t`target` text,\n\t`details` text,\n\t`created_at` integer NOT NULL\n);",
      "CREATE INDEX `audit_user` ON `audit` (`user_id`,`created_at`);",
      "CREATE INDEX `audit_time` ON `audit` (`created_at`);",
      "CREATE TABLE `connections` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`kind` text NOT NULL,\n\t`base_url` text,\n\t`api` text NOT NULL,\n\t`model` text NOT NULL,\n\t`api_key` text,\n\t`created_at` integer NOT NULL\n);",
      "CREATE TABLE `conversations` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`user_id` text NOT NULL,\n\t`namespace` text NOT NULL,\n\t`title` text NOT NULL,\n\t`title_from` text NOT NULL,\n\t`store` text DEFAULT 'libsql' NOT NULL,\n\t`metadata` text DEFAULT '{}' NOT NULL,\n\t`pinned_at` integer,\n\t`archived_at` integer,\n\t`deleted_at` integer,\n\t`active_at` integer NOT NULL,\n\t`read_at` integer NOT NULL,\n\t`created_at` integer NOT NULL,\n\tFOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade\n);",
      "CREATE INDEX `conversations_list` ON `conversations` (`user_id`,`active_at`,`id`);",
      "CREATE INDEX `conversations_namespace` ON `conversations` (`user_id`,`namespace`,`active_at`,`id`);",
      "CREATE TABLE `namespaces` (\n\t`user_id` text NOT NULL,\n\t`type` text NOT NULL,\n\t`label` text NOT NULL,\n\t`color` text NOT NULL,\n\t`default_agent` text NOT NULL,\n\t`retention_days` integer,\n\t`created_at` integer NOT NULL,\n\tPRIMARY KEY(`user_id`, `type`),\n\tFOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade\n);",
      "CREATE TABLE `run_events` (\n\t`run` text NOT NULL,\n\t`first` integer NOT NULL,\n\t`chunks` text NOT NULL,\n\t`created_at` integer NOT NULL,\n\tPRIMARY KEY(`run`, `first`)\n);",
      "CREATE TABLE `runs` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`conversation_id` text NOT NULL,\n\t`branch_id` text NOT NULL,\n\t`user_id` text NOT NULL,\n\t`status` text NOT NULL,\n\t`agent` text NOT NULL,\n\t`model` text,\n\t`position` integer NOT NULL,\n\t`usage` text,\n\t`error` text,\n\t`stop_requested_at` integer,\n\t`heartbeat_at` integer,\n\t`created_at` integer NOT NULL,\n\t`finished_at` integer,\n\tFOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade\n);",
      "CREATE INDEX `runs_conversation` ON `runs` (`conversation_id`,`created_at`);",
      "CREATE UNIQUE INDEX `runs_one_live_per_branch` ON `runs` (`branch_id`) WHERE status in ('queued', 'running', 'waiting');",
      "CREATE INDEX `runs_live` ON `runs` (`heartbeat_at`) WHERE status in ('queued', 'running');",
      "CREATE TABLE `users` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`name` text,\n\t`email` text,\n\t`email_verified` integer,\n\t`image` text,\n\t`password_hash` text,\n\t`role` text NOT NULL,\n\t`sessions_valid_from` integer DEFAULT 0 NOT NULL,\n\t`created_at` integer NOT NULL\n);",
      "CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);"
    ]
  },
  {
    "tag": "0001_conversation_indexes",
    "statements": [
      "DROP INDEX `conversations_namespace`;",
      "CREATE INDEX `conversations_pinned` ON `conversations` (`user_id`,`pinned_at`) WHERE pinned_at is not null and deleted_at is null;",
      "CREATE INDEX `conversations_archived` ON `conversations` (`user_id`,`active_at`,`id`) WHERE archived_at is not null and deleted_at is null;",
      "CREATE INDEX `conversations_namespace` ON `conversations` (`user_id`,`namespace`,`active_at`,`id`) WHERE deleted_at is null and archived_at is null;"
    ]
  }
];
