DROP INDEX `conversations_namespace`;--> statement-breakpoint
CREATE INDEX `conversations_pinned` ON `conversations` (`user_id`,`pinned_at`) WHERE pinned_at is not null and deleted_at is null;--> statement-breakpoint
CREATE INDEX `conversations_archived` ON `conversations` (`user_id`,`active_at`,`id`) WHERE archived_at is not null and deleted_at is null;--> statement-breakpoint
CREATE INDEX `conversations_namespace` ON `conversations` (`user_id`,`namespace`,`active_at`,`id`) WHERE deleted_at is null and archived_at is null;