-- Texts that were written a moment ago and are not in the index yet, in the order in which they came.
CREATE TABLE `search_arrivals` (
	`number` integer PRIMARY KEY NOT NULL,
	`conversation` text NOT NULL,
	`segment` text NOT NULL,
	`position` integer NOT NULL,
	`created_at` integer NOT NULL,
	`words` text NOT NULL
);
--> statement-breakpoint
CREATE TRIGGER `search_arrival_removed` AFTER DELETE ON `conversations` BEGIN
	DELETE FROM `search_arrivals` WHERE `conversation` = OLD.`id`;
END;
