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
  },
  {
    "tag": "0002_search",
    "statements": [
      "-- Who wrote it, as a short number: every word in the index stands behind its owner's.\nCREATE TABLE `search_owners` (\n\t`number` integer PRIMARY KEY NOT NULL,\n\t`origin` text NOT NULL UNIQUE,\n\t`user_id` text NOT NULL REFERENCES `users`(`id`) ON DELETE CASCADE\n);",
      "CREATE INDEX `search_owners_user` ON `search_owners` (`user_id`);",
      "-- A segment of a conversation's history; the title stands in one that has the conversation's own id.\nCREATE TABLE `search_scopes` (\n\t`number` integer PRIMARY KEY NOT NULL,\n\t`segment` text NOT NULL UNIQUE,\n\t`conversation` text NOT NULL,\n\t`owner` integer NOT NULL\n);",
      "CREATE INDEX `search_scopes_conversation` ON `search_scopes` (`conversation`);",
      "-- A text in the index. Ids follow the time at which it was written: a million for each second.\nCREATE TABLE `search_documents` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`scope` integer NOT NULL,\n\t`position` integer NOT NULL,\n\tUNIQUE (`scope`, `position`)\n);",
      "CREATE VIRTUAL TABLE `search_index` USING fts5(`words`, content='', contentless_delete=1, tokenize='ascii');",
      "-- Conversations of which the title, or all, is not in the index as it is now.\nCREATE TABLE `search_pending` (\n\t`conversation` text NOT NULL,\n\t`part` text NOT NULL,\n\tPRIMARY KEY (`conversation`, `part`)\n) WITHOUT ROWID;",
      "-- How the texts in the index were prepared.\nCREATE TABLE `search_layout` (\n\t`layout` text PRIMARY KEY NOT NULL\n);",
      "-- One insert here does all that indexing a text takes; a text that is there already is replaced.\nCREATE VIEW `search_writes` AS\n\tSELECT NULL AS `conversation`, NULL AS `segment`, NULL AS `position`, NULL AS `created_at`, NULL AS `words` WHERE 0;",
      "CREATE TRIGGER `search_write` INSTEAD OF INSERT ON `search_writes` BEGIN\n\tINSERT OR IGNORE INTO `search_owners` (`origin`, `user_id`)\n\t\tSELECT `user_id`, `user_id` FROM `conversations` WHERE `id` = NEW.`conversation`;\n\tINSERT OR IGNORE INTO `search_scopes` (`segment`, `conversation`, `owner`)\n\t\tSELECT NEW.`segment`, `c`.`id`, `o`.`number` FROM `conversations` `c`\n\t\tJOIN `search_owners` `o` ON `o`.`origin` = `c`.`user_id` WHERE `c`.`id` = NEW.`conversation`;\n\tINSERT OR IGNORE INTO `search_documents` (`id`, `scope`, `position`)\n\t\tSELECT CASE\n\t\t\tWHEN `last` IS NULL THEN `start`\n\t\t\tWHEN `last` < `start` + 999999 THEN `last` + 1\n\t\t\tELSE (SELECT max(`id`) + 1 FROM `search_documents`)\n\t\tEND, `number`, NEW.`position`\n\t\tFROM (\n\t\t\tSELECT `start`, `number`, (\n\t\t\t\tSELECT `id` FROM `search_documents` WHERE `id` BETWEEN `start` AND `start` + 999999 ORDER BY `id` DESC LIMIT 1\n\t\t\t) AS `last`\n\t\t\tFROM (SELECT min(max(CAST(NEW.`created_at` AS integer), 0), 8000000000000) / 1000 * 1000000 AS `start`)\n\t\t\tJOIN `search_scopes` ON `segment` = NEW.`segment`\n\t\t);\n\tINSERT OR REPLACE INTO `search_index` (`rowid`, `words`)\n\t\tSELECT `d`.`id`, replace(NEW.`words` || ' s' || `s`.`number`, ' ', ' ' || `s`.`owner`) FROM `search_scopes` `s`\n\t\tJOIN `search_documents` `d` ON `d`.`scope` = `s`.`number` AND `d`.`position` = NEW.`position`\n\t\tWHERE `s`.`segment` = NEW.`segment`;\n\t-- Items can be there before the conversation's row is: they wait until somebody completes the index.\n\tINSERT OR IGNORE INTO `search_pending`\n\t\tSELECT NEW.`conversation`, 'all' WHERE NOT EXISTS (SELECT 1 FROM `conversations` WHERE `id` = NEW.`conversation`);\n\tDELETE FROM `search_pending` WHERE `conversation` = NEW.`conversation` AND `part` = 'title' AND NEW.`segment` = NEW.`conversation`;\nEND;",
      "CREATE TRIGGER `search_document_removed` AFTER DELETE ON `search_documents` BEGIN\n\tDELETE FROM `search_index` WHERE `rowid` = OLD.`id`;\nEND;",
      "CREATE TRIGGER `search_scope_removed` AFTER DELETE ON `search_scopes` BEGIN\n\tDELETE FROM `search_documents` WHERE `scope` = OLD.`number`;\nEND;",
      "CREATE TRIGGER `search_conversation_added` AFTER INSERT ON `conversations` BEGIN\n\tINSERT OR IGNORE INTO `search_pending` VALUES (NEW.`id`, 'title');\nEND;",
      "CREATE TRIGGER `search_conversation_renamed` AFTER UPDATE OF `title` ON `conversations` WHEN NEW.`title` IS NOT OLD.`title` BEGIN\n\tINSERT OR IGNORE INTO `search_pending` VALUES (NEW.`id`, 'title');\nEND;",
      "CREATE TRIGGER `search_conversation_removed` AFTER DELETE ON `conversations` BEGIN\n\tDELETE FROM `search_pending` WHERE `conversation` = OLD.`id`;\n\tDELETE FROM `search_scopes` WHERE `conversation` = OLD.`id`;\nEND;",
      "INSERT INTO `search_pending` SELECT `id`, 'all' FROM `conversations`;"
    ]
  },
  {
    "tag": "0003_queued_messages",
    "statements": [
      "CREATE TABLE `queued_messages` (\n\t`id` text PRIMARY KEY NOT NULL,\n\t`conversation_id` text NOT NULL,\n\t`branch_id` text NOT NULL,\n\t`user_id` text NOT NULL,\n\t`text` text NOT NULL,\n\t`agent` text,\n\t`created_at` integer NOT NULL,\n\tFOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade\n);",
      "CREATE INDEX `queued_messages_branch` ON `queued_messages` (`branch_id`,`created_at`);"
    ]
  },
  {
    "tag": "0004_approvals",
    "statements": [
      "ALTER TABLE `runs` ADD `approvals` text;"
    ]
  },
  {
    "tag": "0005_live_conversations",
    "statements": [
      "CREATE INDEX `runs_live_conversation` ON `runs` (`conversation_id`) WHERE status in ('queued', 'running', 'waiting');"
    ]
  },
  {
    "tag": "0006_search_arrivals",
    "statements": [
      "-- Texts that were written a moment ago and are not in the index yet, in the order in which they came.\nCREATE TABLE `search_arrivals` (\n\t`number` integer PRIMARY KEY NOT NULL,\n\t`conversation` text NOT NULL,\n\t`segment` text NOT NULL,\n\t`position` integer NOT NULL,\n\t`created_at` integer NOT NULL,\n\t`words` text NOT NULL\n);",
      "CREATE TRIGGER `search_arrival_removed` AFTER DELETE ON `conversations` BEGIN\n\tDELETE FROM `search_arrivals` WHERE `conversation` = OLD.`id`;\nEND;"
    ]
  },
  {
    "tag": "0007_one_index_less",
    "statements": [
      "DROP INDEX `runs_live`;"
    ]
  },
  {
    "tag": "0008_event_log_in_order",
    "statements": [
      "CREATE TABLE `__new_run_events` (\n\t`run` text NOT NULL,\n\t`first` integer NOT NULL,\n\t`chunks` text NOT NULL,\n\t`created_at` integer NOT NULL\n);",
      "INSERT INTO `__new_run_events`(\"run\", \"first\", \"chunks\", \"created_at\") SELECT \"run\", \"first\", \"chunks\", \"created_at\" FROM `run_events`;",
      "DROP TABLE `run_events`;",
      "ALTER TABLE `__new_run_events` RENAME TO `run_events`;",
      "CREATE INDEX `run_events_moment` ON `run_events` (`created_at`,`run`,`first`);",
      "CREATE INDEX `run_events_begin` ON `run_events` (`run`,`created_at`) WHERE first = 1;"
    ]
  }
];
