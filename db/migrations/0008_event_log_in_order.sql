CREATE TABLE `__new_run_events` (
	`run` text NOT NULL,
	`first` integer NOT NULL,
	`chunks` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_run_events`("run", "first", "chunks", "created_at") SELECT "run", "first", "chunks", "created_at" FROM `run_events`;--> statement-breakpoint
DROP TABLE `run_events`;--> statement-breakpoint
ALTER TABLE `__new_run_events` RENAME TO `run_events`;--> statement-breakpoint
CREATE INDEX `run_events_moment` ON `run_events` (`created_at`,`run`,`first`);--> statement-breakpoint
CREATE INDEX `run_events_begin` ON `run_events` (`run`,`created_at`) WHERE first = 1;