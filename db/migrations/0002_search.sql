-- Who wrote it, as a short number: every word in the index stands behind its owner's.
CREATE TABLE `search_owners` (
	`number` integer PRIMARY KEY NOT NULL,
	`origin` text NOT NULL UNIQUE,
	`user_id` text NOT NULL REFERENCES `users`(`id`) ON DELETE CASCADE
);
--> statement-breakpoint
CREATE INDEX `search_owners_user` ON `search_owners` (`user_id`);
--> statement-breakpoint
-- A segment of a conversation's history; the title stands in one that has the conversation's own id.
CREATE TABLE `search_scopes` (
	`number` integer PRIMARY KEY NOT NULL,
	`segment` text NOT NULL UNIQUE,
	`conversation` text NOT NULL,
	`owner` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `search_scopes_conversation` ON `search_scopes` (`conversation`);
--> statement-breakpoint
-- A text in the index. Ids follow the time at which it was written: a million for each second.
CREATE TABLE `search_documents` (
	`id` integer PRIMARY KEY NOT NULL,
	`scope` integer NOT NULL,
	`position` integer NOT NULL,
	UNIQUE (`scope`, `position`)
);
--> statement-breakpoint
CREATE VIRTUAL TABLE `search_index` USING fts5(`words`, content='', contentless_delete=1, tokenize='ascii');
--> statement-breakpoint
-- Conversations of which the title, or all, is not in the index as it is now.
CREATE TABLE `search_pending` (
	`conversation` text NOT NULL,
	`part` text NOT NULL,
	PRIMARY KEY (`conversation`, `part`)
) WITHOUT ROWID;
--> statement-breakpoint
-- How the texts in the index were prepared.
CREATE TABLE `search_layout` (
	`layout` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
-- One insert here does all that indexing a text takes; a text that is there already is replaced.
CREATE VIEW `search_writes` AS
	SELECT NULL AS `conversation`, NULL AS `segment`, NULL AS `position`, NULL AS `created_at`, NULL AS `words` WHERE 0;
--> statement-breakpoint
CREATE TRIGGER `search_write` INSTEAD OF INSERT ON `search_writes` BEGIN
	INSERT OR IGNORE INTO `search_owners` (`origin`, `user_id`)
		SELECT `user_id`, `user_id` FROM `conversations` WHERE `id` = NEW.`conversation`;
	INSERT OR IGNORE INTO `search_scopes` (`segment`, `conversation`, `owner`)
		SELECT NEW.`segment`, `c`.`id`, `o`.`number` FROM `conversations` `c`
		JOIN `search_owners` `o` ON `o`.`origin` = `c`.`user_id` WHERE `c`.`id` = NEW.`conversation`;
	INSERT OR IGNORE INTO `search_documents` (`id`, `scope`, `position`)
		SELECT CASE
			WHEN `last` IS NULL THEN `start`
			WHEN `last` < `start` + 999999 THEN `last` + 1
			ELSE (SELECT max(`id`) + 1 FROM `search_documents`)
		END, `number`, NEW.`position`
		FROM (
			SELECT `start`, `number`, (
				SELECT `id` FROM `search_documents` WHERE `id` BETWEEN `start` AND `start` + 999999 ORDER BY `id` DESC LIMIT 1
			) AS `last`
			FROM (SELECT min(max(CAST(NEW.`created_at` AS integer), 0), 8000000000000) / 1000 * 1000000 AS `start`)
			JOIN `search_scopes` ON `segment` = NEW.`segment`
		);
	INSERT OR REPLACE INTO `search_index` (`rowid`, `words`)
		SELECT `d`.`id`, replace(NEW.`words` || ' s' || `s`.`number`, ' ', ' ' || `s`.`owner`) FROM `search_scopes` `s`
		JOIN `search_documents` `d` ON `d`.`scope` = `s`.`number` AND `d`.`position` = NEW.`position`
		WHERE `s`.`segment` = NEW.`segment`;
	-- Items can be there before the conversation's row is: they wait until somebody completes the index.
	INSERT OR IGNORE INTO `search_pending`
		SELECT NEW.`conversation`, 'all' WHERE NOT EXISTS (SELECT 1 FROM `conversations` WHERE `id` = NEW.`conversation`);
	DELETE FROM `search_pending` WHERE `conversation` = NEW.`conversation` AND `part` = 'title' AND NEW.`segment` = NEW.`conversation`;
END;
--> statement-breakpoint
CREATE TRIGGER `search_document_removed` AFTER DELETE ON `search_documents` BEGIN
	DELETE FROM `search_index` WHERE `rowid` = OLD.`id`;
END;
--> statement-breakpoint
CREATE TRIGGER `search_scope_removed` AFTER DELETE ON `search_scopes` BEGIN
	DELETE FROM `search_documents` WHERE `scope` = OLD.`number`;
END;
--> statement-breakpoint
CREATE TRIGGER `search_conversation_added` AFTER INSERT ON `conversations` BEGIN
	INSERT OR IGNORE INTO `search_pending` VALUES (NEW.`id`, 'title');
END;
--> statement-breakpoint
CREATE TRIGGER `search_conversation_renamed` AFTER UPDATE OF `title` ON `conversations` WHEN NEW.`title` IS NOT OLD.`title` BEGIN
	INSERT OR IGNORE INTO `search_pending` VALUES (NEW.`id`, 'title');
END;
--> statement-breakpoint
CREATE TRIGGER `search_conversation_removed` AFTER DELETE ON `conversations` BEGIN
	DELETE FROM `search_pending` WHERE `conversation` = OLD.`id`;
	DELETE FROM `search_scopes` WHERE `conversation` = OLD.`id`;
END;
--> statement-breakpoint
INSERT INTO `search_pending` SELECT `id`, 'all' FROM `conversations`;
