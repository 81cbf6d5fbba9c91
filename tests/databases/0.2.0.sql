CREATE TABLE "schema_migration" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "applied" DATETIME NOT NULL);
INSERT INTO "schema_migration" ("id", "name", "applied") VALUES (1, '0001_initial', '2026-11-26 08:15:15.255621');
CREATE TABLE "organisation" ("id" INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR(255) NOT NULL, "name" VARCHAR(255) NOT NULL, "kind" VARCHAR(255) NOT NULL);
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (1, 'school-98AA00', 'De Klaver', 'school');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (2, 'school-98AB00', 'Het Rietbos', 'school');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (3, 'school-98AC00', 'De Waterlelie', 'school');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (4, 'school-98BA00', 'Merencollege', 'school');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (5, 'school-98BB00', 'Vaarschool', 'school');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (6, 'jeugdteam', 'Jeugdteam Plassendam', 'partner');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (7, 'dorpsteam', 'Dorpsteam Waterburen', 'partner');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (8, 'bureau-leerplicht', 'Bureau Leerplicht Merenland', 'partner');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (9, 'gemeente-waterburen', 'Gemeente Waterburen', 'partner');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (10, 'samen-leren', 'Vereniging Samen Leren', 'partner');
INSERT INTO "organisation" ("id", "key", "name", "kind") VALUES (11, 'schoolzorg', 'Schoolzorg Merenland', 'partner');
CREATE TABLE "person" ("id" INTEGER NOT NULL PRIMARY KEY, "organisation_id" INTEGER NOT NULL, "given_name" VARCHAR(255) NOT NULL, "infix" VARCHAR(255) NOT NULL, "family_name" VARCHAR(255) NOT NULL, "working_days" VARCHAR(255) NOT NULL, "row_version" INTEGER NOT NULL, FOREIGN KEY ("organisation_id") REFERENCES "organisation" ("id") ON DELETE RESTRICT);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (1, 6, 'Ayşe', '', 'Brandsma', '34', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (2, 6, 'Noor', 'van der', 'Laan', '12345', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (3, 7, 'Tamara', '', 'Isik', '12345', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (4, 8, 'Xander', '', 'Koster', '12345', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (5, 11, 'Frederieke', '', 'Isik', '124', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (6, 1, 'Bo', '', 'Terpstra', '134', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (7, 2, 'Arjan', '', 'Kalloe', '12345', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (8, 4, 'Karim', '', 'Visser', '12345', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (9, 3, 'Jeroen', '', 'Vermeer', '124', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (10, 5, 'Dewi', 'van', 'Baalen', '1234', 1);
INSERT INTO "person" ("id", "organisation_id", "given_name", "infix", "family_name", "working_days", "row_version") VALUES (11, 6, 'Rachid', '', 'Naziri', '145', 1);
CREATE TABLE "absence" ("id" INTEGER NOT NULL PRIMARY KEY, "person_id" INTEGER NOT NULL, "valid_from" DATE NOT NULL, "valid_until" DATE, "row_version" INTEGER NOT NULL, "source" VARCHAR(255) NOT NULL, "checked_on" DATE NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE);
INSERT INTO "absence" ("id", "person_id", "valid_from", "valid_until", "row_version", "source", "checked_on") VALUES (1, 5, '2026-11-18', '2026-12-08', 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "absence" ("id", "person_id", "valid_from", "valid_until", "row_version", "source", "checked_on") VALUES (2, 1, '2026-12-01', '2026-12-12', 1, 'Melding 1', '2026-11-23');
CREATE TABLE "account" ("id" INTEGER NOT NULL PRIMARY KEY, "email" VARCHAR(255) NOT NULL, "name" VARCHAR(255) NOT NULL, "role" VARCHAR(255) NOT NULL, "organisation_id" INTEGER, "person_id" INTEGER, "active_until" DATE, "created_at" INTEGER NOT NULL, "by_domain" INTEGER NOT NULL, FOREIGN KEY ("organisation_id") REFERENCES "organisation" ("id") ON DELETE SET NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE SET NULL);
INSERT INTO "account" ("id", "email", "name", "role", "organisation_id", "person_id", "active_until", "created_at", "by_domain") VALUES (1, 'reader@demo.example', 'Lieke Lezer', 'reader', NULL, NULL, NULL, 1795392000000000, 0);
INSERT INTO "account" ("id", "email", "name", "role", "organisation_id", "person_id", "active_until", "created_at", "by_domain") VALUES (2, 'member@demo.example', 'Ayşe Brandsma', 'member', 6, 1, NULL, 1795392000000000, 0);
INSERT INTO "account" ("id", "email", "name", "role", "organisation_id", "person_id", "active_until", "created_at", "by_domain") VALUES (3, 'editor@demo.example', 'Robin van Beheer', 'editor', 6, NULL, NULL, 1795392000000000, 0);
INSERT INTO "account" ("id", "email", "name", "role", "organisation_id", "person_id", "active_until", "created_at", "by_domain") VALUES (4, 'coordinator@demo.example', 'Coen Coördinator', 'coordinator', NULL, NULL, NULL, 1795392000000000, 0);
INSERT INTO "account" ("id", "email", "name", "role", "organisation_id", "person_id", "active_until", "created_at", "by_domain") VALUES (5, 'administrator@demo.example', 'Bea Baas', 'administrator', NULL, NULL, NULL, 1795392000000000, 0);
CREATE TABLE "role" ("id" INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR(255) NOT NULL, "label" VARCHAR(255) NOT NULL, "aliases" TEXT NOT NULL, "team" VARCHAR(255) NOT NULL, "call_about" TEXT NOT NULL, "position" INTEGER NOT NULL, "one_holder" INTEGER NOT NULL, "shown_first" INTEGER NOT NULL, "municipalities" VARCHAR(255) NOT NULL, "unconfirmed_in" VARCHAR(255) NOT NULL, "member" INTEGER NOT NULL, "is_school_staff" INTEGER NOT NULL, "service" VARCHAR(255) NOT NULL, "case_by" VARCHAR(255) NOT NULL, "why" TEXT NOT NULL, "source" VARCHAR(255) NOT NULL, "checked_on" DATE NOT NULL);
INSERT INTO "role" ("id", "key", "label", "aliases", "team", "call_about", "position", "one_holder", "shown_first", "municipalities", "unconfirmed_in", "member", "is_school_staff", "service", "case_by", "why", "source", "checked_on") VALUES (1, 'gezinscoach', 'gezinscoach', 'coach', '', 'Vragen over opvoeden en opgroeien.', 0, 0, 1, '9901', '', 1, 0, 'opgroeien', 'school', 'De gezinscoach hoort bij de school.', 'Wegwijzer 2026, “Wie doet wat?”', '2026-09-01');
INSERT INTO "role" ("id", "key", "label", "aliases", "team", "call_about", "position", "one_holder", "shown_first", "municipalities", "unconfirmed_in", "member", "is_school_staff", "service", "case_by", "why", "source", "checked_on") VALUES (2, 'dorpscoach', 'dorpscoach', '', '', 'Vragen over opvoeden en opgroeien in Waterburen.', 1, 0, 1, '9902', '', 1, 0, 'opgroeien', 'residents', 'De dorpscoach hoort bij de school, voor leerlingen uit Waterburen.', 'Wegwijzer 2026, “Wie doet wat?”', '2026-09-01');
INSERT INTO "role" ("id", "key", "label", "aliases", "team", "call_about", "position", "one_holder", "shown_first", "municipalities", "unconfirmed_in", "member", "is_school_staff", "service", "case_by", "why", "source", "checked_on") VALUES (3, 'leerplicht', 'leerplichtconsulent', 'verzuim', '', 'Verzuim en het recht op onderwijs.', 2, 0, 0, '', '', 1, 0, '', 'home', 'Leerplicht volgt de woonplaats van de leerling.', 'Wegwijzer 2026, “Leerplicht”', '2026-09-01');
INSERT INTO "role" ("id", "key", "label", "aliases", "team", "call_about", "position", "one_holder", "shown_first", "municipalities", "unconfirmed_in", "member", "is_school_staff", "service", "case_by", "why", "source", "checked_on") VALUES (4, 'ondersteuner', 'ondersteuner passend onderwijs', '', '', 'Vragen over passend onderwijs.', 3, 1, 0, '', '', 1, 0, '', 'school', 'Elke school heeft een ondersteuner.', 'Wegwijzer 2026, “Wie doet wat?”', '2026-09-01');
INSERT INTO "role" ("id", "key", "label", "aliases", "team", "call_about", "position", "one_holder", "shown_first", "municipalities", "unconfirmed_in", "member", "is_school_staff", "service", "case_by", "why", "source", "checked_on") VALUES (5, 'schoolarts', 'schoolarts', '', 'schoolzorg', 'Vragen over gezondheid.', 4, 0, 0, '', '', 1, 0, '', 'school', 'Elke school heeft een schoolarts.', 'Wegwijzer 2026, “Wie doet wat?”', '2026-09-01');
INSERT INTO "role" ("id", "key", "label", "aliases", "team", "call_about", "position", "one_holder", "shown_first", "municipalities", "unconfirmed_in", "member", "is_school_staff", "service", "case_by", "why", "source", "checked_on") VALUES (6, 'directeur', 'directeur', '', '', 'Besluiten van de school.', 5, 1, 0, '', '', 1, 1, '', 'school', 'De directeur werkt op de school zelf.', 'Wegwijzer 2026, “Wie doet wat?”', '2026-09-01');
INSERT INTO "role" ("id", "key", "label", "aliases", "team", "call_about", "position", "one_holder", "shown_first", "municipalities", "unconfirmed_in", "member", "is_school_staff", "service", "case_by", "why", "source", "checked_on") VALUES (7, 'mentor', 'mentor', '', '', 'Vragen over een leerling.', 6, 0, 0, '', '', 1, 1, '', 'school', 'De mentor werkt op de school zelf.', 'Wegwijzer 2026, “Wie doet wat?”', '2026-09-01');
CREATE TABLE "sector" ("key" VARCHAR(255) NOT NULL PRIMARY KEY, "label" VARCHAR(255) NOT NULL, "position" INTEGER NOT NULL);
INSERT INTO "sector" ("key", "label", "position") VALUES ('po', 'basisonderwijs', 0);
INSERT INTO "sector" ("key", "label", "position") VALUES ('vo', 'voortgezet onderwijs', 1);
CREATE TABLE "municipality" ("code" VARCHAR(255) NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "slug" VARCHAR(255) NOT NULL, "in_region" INTEGER NOT NULL);
INSERT INTO "municipality" ("code", "name", "slug", "in_region") VALUES ('9901', 'Plassendam', 'plassendam', 1);
INSERT INTO "municipality" ("code", "name", "slug", "in_region") VALUES ('9902', 'Waterburen', 'waterburen', 1);
INSERT INTO "municipality" ("code", "name", "slug", "in_region") VALUES ('9903', 'Verderop', 'verderop', 0);
CREATE TABLE "place" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "aliases" TEXT NOT NULL, "municipality_id" VARCHAR(255) NOT NULL, "hint" TEXT NOT NULL, FOREIGN KEY ("municipality_id") REFERENCES "municipality" ("code") ON DELETE RESTRICT);
INSERT INTO "place" ("id", "name", "aliases", "municipality_id", "hint") VALUES (1, 'Plassendam', '', '9901', '');
INSERT INTO "place" ("id", "name", "aliases", "municipality_id", "hint") VALUES (2, 'Waterburen', '', '9902', '');
INSERT INTO "place" ("id", "name", "aliases", "municipality_id", "hint") VALUES (3, 'Lisdorp', '', '9902', '');
INSERT INTO "place" ("id", "name", "aliases", "municipality_id", "hint") VALUES (4, 'Verderop', '', '9903', '');
CREATE TABLE "school" ("code" VARCHAR(255) NOT NULL PRIMARY KEY, "organisation_id" INTEGER NOT NULL, "sector_id" VARCHAR(255) NOT NULL, "name" VARCHAR(255) NOT NULL, "duo_name" VARCHAR(255) NOT NULL, "aliases" TEXT NOT NULL, "slug" VARCHAR(255) NOT NULL, "street" VARCHAR(255) NOT NULL, "postcode" VARCHAR(255) NOT NULL, "place_id" INTEGER NOT NULL, "phone" VARCHAR(255) NOT NULL, "website" VARCHAR(255) NOT NULL, "board_website" VARCHAR(255) NOT NULL, "source" VARCHAR(255) NOT NULL, "checked_on" DATE NOT NULL, "closed_on" DATE, FOREIGN KEY ("organisation_id") REFERENCES "organisation" ("id") ON DELETE RESTRICT, FOREIGN KEY ("sector_id") REFERENCES "sector" ("key") ON DELETE RESTRICT, FOREIGN KEY ("place_id") REFERENCES "place" ("id") ON DELETE RESTRICT);
INSERT INTO "school" ("code", "organisation_id", "sector_id", "name", "duo_name", "aliases", "slug", "street", "postcode", "place_id", "phone", "website", "board_website", "source", "checked_on", "closed_on") VALUES ('98AA00', 1, 'po', 'De Klaver', 'De Klaver', '', '98aa00-de-klaver', 'Lisweg 1', '9981 AA', 1, '+31612345811', 'https://www.deklaver.example', '', 'verzonnen', '2026-04-01', NULL);
INSERT INTO "school" ("code", "organisation_id", "sector_id", "name", "duo_name", "aliases", "slug", "street", "postcode", "place_id", "phone", "website", "board_website", "source", "checked_on", "closed_on") VALUES ('98AB00', 2, 'po', 'Het Rietbos', 'Het Rietbos', '', '98ab00-het-rietbos', 'Rietlaan 22', '9981 AB', 1, '+31612345812', '', '', 'verzonnen', '2026-04-01', NULL);
INSERT INTO "school" ("code", "organisation_id", "sector_id", "name", "duo_name", "aliases", "slug", "street", "postcode", "place_id", "phone", "website", "board_website", "source", "checked_on", "closed_on") VALUES ('98AC00', 3, 'po', 'De Waterlelie', 'De Waterlelie', '', '98ac00-de-waterlelie', 'Kade 3-5', '9982 AA', 2, '', 'https://www.waterlelie.example', 'https://www.vaarschool.example', 'verzonnen', '2026-04-01', NULL);
INSERT INTO "school" ("code", "organisation_id", "sector_id", "name", "duo_name", "aliases", "slug", "street", "postcode", "place_id", "phone", "website", "board_website", "source", "checked_on", "closed_on") VALUES ('98BA00', 4, 'vo', 'Merencollege', 'Merencollege', 'MC', '98ba00-merencollege', 'Meerplein 7', '9981 AC', 1, '+31612345813', 'https://www.merencollege.example', '', 'verzonnen', '2026-04-01', NULL);
INSERT INTO "school" ("code", "organisation_id", "sector_id", "name", "duo_name", "aliases", "slug", "street", "postcode", "place_id", "phone", "website", "board_website", "source", "checked_on", "closed_on") VALUES ('98BB00', 5, 'vo', 'Vaarschool', 'Vaarschool', '', '98bb00-vaarschool', 'Kade 9', '9982 AB', 2, '', '', 'https://www.vaarschool.example', 'verzonnen', '2026-04-01', NULL);
CREATE TABLE "assignment" ("id" INTEGER NOT NULL PRIMARY KEY, "person_id" INTEGER NOT NULL, "role_id" INTEGER NOT NULL, "school_id" VARCHAR(255) NOT NULL, "valid_from" DATE NOT NULL, "valid_until" DATE, "is_pending" INTEGER NOT NULL, "row_version" INTEGER NOT NULL, "source" VARCHAR(255) NOT NULL, "checked_on" DATE NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE, FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE RESTRICT, FOREIGN KEY ("school_id") REFERENCES "school" ("code") ON DELETE RESTRICT);
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (1, 1, 1, '98AA00', '2025-10-19', '2026-12-23', 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (2, 1, 1, '98AB00', '2025-10-19', '2026-12-23', 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (3, 2, 1, '98BA00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (4, 3, 2, '98AC00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (5, 3, 2, '98BB00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (6, 4, 3, '98AA00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (7, 4, 3, '98AB00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (8, 4, 3, '98BA00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (9, 4, 3, '98AC00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (10, 4, 3, '98BB00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (11, 5, 5, '98AA00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (12, 5, 5, '98AB00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (13, 5, 5, '98BA00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (14, 5, 5, '98AC00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (15, 5, 5, '98BB00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (16, 6, 6, '98AA00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (17, 7, 6, '98AB00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (18, 8, 6, '98BA00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (19, 9, 6, '98AC00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (20, 10, 6, '98BB00', '2025-10-19', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (21, 11, 1, '98AA00', '2026-12-23', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-11-23');
INSERT INTO "assignment" ("id", "person_id", "role_id", "school_id", "valid_from", "valid_until", "is_pending", "row_version", "source", "checked_on") VALUES (22, 11, 1, '98AB00', '2026-12-23', NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-11-23');
CREATE TABLE "attempt" ("id" INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR(255) NOT NULL, "at" INTEGER NOT NULL);
CREATE TABLE "audit_entry" ("id" INTEGER NOT NULL PRIMARY KEY, "at" INTEGER NOT NULL, "actor" INTEGER, "action" VARCHAR(255) NOT NULL, "subject" VARCHAR(255) NOT NULL, "subject_id" VARCHAR(255) NOT NULL);
INSERT INTO "audit_entry" ("id", "at", "actor", "action", "subject", "subject_id") VALUES (1, 1795424400000000, 4, 'published', 'notice', '1');
CREATE TABLE "change_record" ("id" INTEGER NOT NULL PRIMARY KEY, "notice" INTEGER NOT NULL, "table" VARCHAR(255) NOT NULL, "row" INTEGER NOT NULL, "before" TEXT, "after" TEXT, "row_version" INTEGER NOT NULL, "undone" INTEGER NOT NULL);
INSERT INTO "change_record" ("id", "notice", "table", "row", "before", "after", "row_version", "undone") VALUES (1, 1, 'absence', 2, NULL, '{"row_version": 1, "person": 1, "valid_from": "2026-12-01", "valid_until": "2026-12-12", "source": "Melding 1", "checked_on": "2026-11-23", "id": 2}', 1, 0);
CREATE TABLE "contact_point" ("id" INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR(255) NOT NULL, "organisation_id" INTEGER NOT NULL, "name" VARCHAR(255) NOT NULL, "note" TEXT NOT NULL, "source" VARCHAR(255) NOT NULL, "checked_on" DATE NOT NULL, FOREIGN KEY ("organisation_id") REFERENCES "organisation" ("id") ON DELETE RESTRICT);
INSERT INTO "contact_point" ("id", "key", "organisation_id", "name", "note", "source", "checked_on") VALUES (1, 'jeugdteam', 6, 'Jeugdteam Plassendam', '', 'Wegwijzer 2026, “Contacten”', '2026-09-01');
INSERT INTO "contact_point" ("id", "key", "organisation_id", "name", "note", "source", "checked_on") VALUES (2, 'dorpsteam', 7, 'Dorpsteam Waterburen', 'Er is geen nummer.', 'Wegwijzer 2026, “Contacten”', '2026-09-01');
INSERT INTO "contact_point" ("id", "key", "organisation_id", "name", "note", "source", "checked_on") VALUES (3, 'bureau-leerplicht', 8, 'Bureau Leerplicht Merenland', '', 'Wegwijzer 2026, “Leerplicht”', '2026-09-01');
INSERT INTO "contact_point" ("id", "key", "organisation_id", "name", "note", "source", "checked_on") VALUES (4, 'leerplicht-waterburen', 9, 'Leerplicht Waterburen', '', 'Wegwijzer 2026, “Leerplicht”', '2026-09-01');
INSERT INTO "contact_point" ("id", "key", "organisation_id", "name", "note", "source", "checked_on") VALUES (5, 'helpdesk', 10, 'Helpdesk Merenland', '', 'Wegwijzer 2026, “Contacten”', '2026-09-01');
INSERT INTO "contact_point" ("id", "key", "organisation_id", "name", "note", "source", "checked_on") VALUES (6, 'schoolzorg', 11, 'Schoolzorg Merenland', '', 'Wegwijzer 2026, “Contacten”', '2026-09-01');
CREATE TABLE "contact_detail" ("id" INTEGER NOT NULL PRIMARY KEY, "person_id" INTEGER, "contact_point_id" INTEGER, "kind" VARCHAR(255) NOT NULL, "value" VARCHAR(255) NOT NULL, "label" VARCHAR(255) NOT NULL, "visibility" VARCHAR(255) NOT NULL, "valid_from" DATE, "valid_until" DATE, "position" INTEGER NOT NULL, "row_version" INTEGER NOT NULL, "source" VARCHAR(255) NOT NULL, "checked_on" DATE NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE, FOREIGN KEY ("contact_point_id") REFERENCES "contact_point" ("id") ON DELETE CASCADE);
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (1, NULL, 1, 'phone', '+31612345801', '', 'open', NULL, NULL, 0, 1, 'Wegwijzer 2026, “Contacten”', '2026-09-01');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (2, NULL, 1, 'email', 'jeugdteam@merenland.example', '', 'open', NULL, NULL, 1, 1, 'Wegwijzer 2026, “Contacten”', '2026-09-01');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (3, NULL, 2, 'email', 'dorpsteam@merenland.example', '', 'open', NULL, NULL, 0, 1, 'Wegwijzer 2026, “Contacten”', '2026-09-01');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (4, NULL, 3, 'phone', '+31612345802', '', 'open', NULL, NULL, 0, 1, 'Wegwijzer 2026, “Leerplicht”', '2026-09-01');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (5, NULL, 4, 'phone', '+31612345803', '', 'open', NULL, NULL, 0, 1, 'Wegwijzer 2026, “Leerplicht”', '2026-09-01');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (6, NULL, 5, 'email', 'helpdesk@merenland.example', '', 'open', NULL, NULL, 0, 1, 'Wegwijzer 2026, “Contacten”', '2026-09-01');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (7, NULL, 6, 'phone', '+31612345804', '', 'open', NULL, NULL, 0, 1, 'Wegwijzer 2026, “Contacten”', '2026-09-01');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (8, 1, NULL, 'email', 'ayse.brandsma@jeugdteam.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (9, 1, NULL, 'phone', '+31612345000', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (10, 2, NULL, 'email', 'noor.vanderlaan@jeugdteam.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (11, 2, NULL, 'phone', '+31612345001', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (12, 3, NULL, 'email', 'tamara.isik@dorpsteam.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (13, 3, NULL, 'phone', '+31612345002', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (14, 4, NULL, 'email', 'xander.koster@bureau-leerplicht.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (15, 4, NULL, 'phone', '+31612345003', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (16, 5, NULL, 'email', 'frederieke.isik@schoolzorg.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (17, 5, NULL, 'phone', '+31612345004', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (18, 6, NULL, 'email', 'bo.terpstra@de-klaver.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (19, 6, NULL, 'phone', '+31612345005', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (20, 7, NULL, 'email', 'arjan.kalloe@het-rietbos.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (21, 7, NULL, 'phone', '+31612345006', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (22, 8, NULL, 'email', 'karim.visser@merencollege.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (23, 8, NULL, 'phone', '+31612345007', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (24, 9, NULL, 'email', 'jeroen.vermeer@de-waterlelie.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (25, 9, NULL, 'phone', '+31612345008', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (26, 10, NULL, 'email', 'dewi.vanbaalen@vaarschool.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (27, 10, NULL, 'phone', '+31612345009', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (28, 11, NULL, 'email', 'rachid.naziri@jeugdteam.example', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
INSERT INTO "contact_detail" ("id", "person_id", "contact_point_id", "kind", "value", "label", "visibility", "valid_from", "valid_until", "position", "row_version", "source", "checked_on") VALUES (29, 11, NULL, 'phone', '+31612345010', '', 'open', NULL, NULL, 0, 1, 'Demo: verzonnen gegevens', '2026-09-24');
CREATE TABLE "database_flag" ("name" VARCHAR(255) NOT NULL PRIMARY KEY, "set_on" DATE NOT NULL);
INSERT INTO "database_flag" ("name", "set_on") VALUES ('region:merenland', '2026-11-23');
INSERT INTO "database_flag" ("name", "set_on") VALUES ('demo', '2026-11-23');
CREATE TABLE "subject" ("id" INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR(255) NOT NULL, "kind" VARCHAR(255) NOT NULL, "name" VARCHAR(255) NOT NULL, "explanation" TEXT NOT NULL, "given_by" VARCHAR(255) NOT NULL, "position" INTEGER NOT NULL, "is_offered" INTEGER NOT NULL, "source" VARCHAR(255) NOT NULL);
INSERT INTO "subject" ("id", "key", "kind", "name", "explanation", "given_by", "position", "is_offered", "source") VALUES (1, 'pesten', 'theme', 'Pesten', 'Zien wat er speelt, en er samen iets aan doen.', '', 0, 1, 'Wegwijzer 2026');
INSERT INTO "subject" ("id", "key", "kind", "name", "explanation", "given_by", "position", "is_offered", "source") VALUES (2, 'overstap', 'theme', 'De overstap naar het VO', 'Een leerling goed overdragen.', '', 1, 1, 'Wegwijzer 2026');
CREATE TABLE "request" ("id" INTEGER NOT NULL PRIMARY KEY, "reference" VARCHAR(255) NOT NULL, "form_hash" VARCHAR(255) NOT NULL, "kind" VARCHAR(255) NOT NULL, "subject_id" INTEGER, "school_id" VARCHAR(255) NOT NULL, "level" VARCHAR(255) NOT NULL, "state" VARCHAR(255) NOT NULL, "planned_on" DATE, "account_id" INTEGER, "created_at" INTEGER NOT NULL, "received_at" INTEGER, "closed_at" INTEGER, FOREIGN KEY ("subject_id") REFERENCES "subject" ("id") ON DELETE RESTRICT, FOREIGN KEY ("school_id") REFERENCES "school" ("code") ON DELETE RESTRICT, FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL);
INSERT INTO "request" ("id", "reference", "form_hash", "kind", "subject_id", "school_id", "level", "state", "planned_on", "account_id", "created_at", "received_at", "closed_at") VALUES (1, 'ML-2026-3PNJ', '8cff773c5267cefa42b5b01e771c45bd748b3d72a4c1d95c0a1c5810f14ee412', 'workshop', 1, '98AA00', 'po', 'received', NULL, NULL, 1795078800000000, 1795078800000000, NULL);
INSERT INTO "request" ("id", "reference", "form_hash", "kind", "subject_id", "school_id", "level", "state", "planned_on", "account_id", "created_at", "received_at", "closed_at") VALUES (2, 'ML-2026-K9J4', '5a27262b1719e723fc4f37a64c9b085171d87021845ff195b2153745951df1ba', 'materials', NULL, '98BB00', 'vo', 'handling', NULL, 1, 1794646800000000, 1794646800000000, NULL);
CREATE TABLE "follow_link" ("id" INTEGER NOT NULL PRIMARY KEY, "request_id" INTEGER NOT NULL, "token_hash" VARCHAR(255) NOT NULL, FOREIGN KEY ("request_id") REFERENCES "request" ("id") ON DELETE CASCADE);
CREATE TABLE "holiday" ("id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "kind" VARCHAR(255) NOT NULL, "valid_from" DATE NOT NULL, "valid_until" DATE NOT NULL, "source" VARCHAR(255) NOT NULL, "checked_on" DATE NOT NULL);
INSERT INTO "holiday" ("id", "name", "kind", "valid_from", "valid_until", "source", "checked_on") VALUES (1, 'Zomervakantie', 'summer', '2026-07-04', '2026-08-17', 'verzonnen', '2026-09-01');
INSERT INTO "holiday" ("id", "name", "kind", "valid_from", "valid_until", "source", "checked_on") VALUES (2, 'Kerstvakantie', 'school', '2026-12-19', '2027-01-04', 'verzonnen', '2026-09-01');
INSERT INTO "holiday" ("id", "name", "kind", "valid_from", "valid_until", "source", "checked_on") VALUES (3, 'Zomervakantie', 'summer', '2027-07-10', '2027-08-23', 'verzonnen', '2026-09-01');
CREATE TABLE "job_run" ("name" VARCHAR(255) NOT NULL PRIMARY KEY, "leased_until" INTEGER, "last_run_at" INTEGER, "last_ok_at" INTEGER);
INSERT INTO "job_run" ("name", "leased_until", "last_run_at", "last_ok_at") VALUES ('mail', NULL, NULL, 1795424400000000);
INSERT INTO "job_run" ("name", "leased_until", "last_run_at", "last_ok_at") VALUES ('clear', NULL, 1795424400000000, 1795424400000000);
INSERT INTO "job_run" ("name", "leased_until", "last_run_at", "last_ok_at") VALUES ('notice reminders', NULL, 1795424400000000, 1795424400000000);
INSERT INTO "job_run" ("name", "leased_until", "last_run_at", "last_ok_at") VALUES ('backup', NULL, 1795424400000000, 1795424400000000);
CREATE TABLE "listed_domain" ("id" INTEGER NOT NULL PRIMARY KEY, "domain" VARCHAR(255) NOT NULL, "organisation_id" INTEGER NOT NULL, FOREIGN KEY ("organisation_id") REFERENCES "organisation" ("id") ON DELETE CASCADE);
CREATE TABLE "mailbox" ("id" INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR(255) NOT NULL, "address" VARCHAR(255) NOT NULL, "set_at" INTEGER NOT NULL, "set_by_id" INTEGER, FOREIGN KEY ("set_by_id") REFERENCES "account" ("id") ON DELETE SET NULL);
INSERT INTO "mailbox" ("id", "key", "address", "set_at", "set_by_id") VALUES (1, 'helpdesk', 'helpdesk@merenland.example', 1795424400000000, NULL);
CREATE TABLE "muted_kind" ("id" INTEGER NOT NULL PRIMARY KEY, "person_id" INTEGER NOT NULL, "kind" VARCHAR(255) NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE);
CREATE TABLE "notice" ("id" INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR(255) NOT NULL, "kind" VARCHAR(255) NOT NULL, "title" VARCHAR(255) NOT NULL, "text" TEXT NOT NULL, "draft" TEXT NOT NULL, "organisation_id" INTEGER, "account_id" INTEGER, "author_name" VARCHAR(255) NOT NULL, "reply_to" VARCHAR(255) NOT NULL, "valid_from" DATE NOT NULL, "valid_until" DATE, "published_at" INTEGER NOT NULL, "announced_at" INTEGER NOT NULL, "withdrawn_at" INTEGER, "row_version" INTEGER NOT NULL, FOREIGN KEY ("organisation_id") REFERENCES "organisation" ("id") ON DELETE SET NULL, FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL);
INSERT INTO "notice" ("id", "key", "kind", "title", "text", "draft", "organisation_id", "account_id", "author_name", "reply_to", "valid_from", "valid_until", "published_at", "announced_at", "withdrawn_at", "row_version") VALUES (1, '4:4yWqdHFWz5N7kfARc6NnSw', 'afwezigheid', 'Ayşe Brandsma is afwezig', 'Kort afwezig.', '{"person": 1, "organisation": null, "role": null, "schools": [], "successor": "", "posts": {}, "new_person": null, "details": {}, "more_phone": ""}', 6, 4, 'Coen Coördinator', 'coordinator@demo.example', '2026-12-01', '2026-12-12', 1795424400000000, 1795424400000000, NULL, 1);
CREATE TABLE "notice_event" ("id" INTEGER NOT NULL PRIMARY KEY, "notice_id" INTEGER NOT NULL, "at" INTEGER NOT NULL, "author_name" VARCHAR(255) NOT NULL, "text" TEXT NOT NULL, FOREIGN KEY ("notice_id") REFERENCES "notice" ("id") ON DELETE CASCADE);
INSERT INTO "notice_event" ("id", "notice_id", "at", "author_name", "text") VALUES (1, 1, 1795424400000000, 'Coen Coördinator', 'Melding geplaatst.');
CREATE TABLE "notice_line" ("id" INTEGER NOT NULL PRIMARY KEY, "notice_id" INTEGER NOT NULL, "school_id" VARCHAR(255) NOT NULL, "role" VARCHAR(255) NOT NULL, "before" VARCHAR(255) NOT NULL, "after" VARCHAR(255) NOT NULL, FOREIGN KEY ("notice_id") REFERENCES "notice" ("id") ON DELETE CASCADE, FOREIGN KEY ("school_id") REFERENCES "school" ("code") ON DELETE CASCADE);
INSERT INTO "notice_line" ("id", "notice_id", "school_id", "role", "before", "after") VALUES (1, 1, '98AA00', 'gezinscoach', 'Ayşe Brandsma', 'Ayşe Brandsma (afwezig tot en met 11-12-2026)');
INSERT INTO "notice_line" ("id", "notice_id", "school_id", "role", "before", "after") VALUES (2, 1, '98AB00', 'gezinscoach', 'Ayşe Brandsma', 'Ayşe Brandsma (afwezig tot en met 11-12-2026)');
CREATE TABLE "notice_school" ("id" INTEGER NOT NULL PRIMARY KEY, "notice_id" INTEGER NOT NULL, "school_id" VARCHAR(255) NOT NULL, FOREIGN KEY ("notice_id") REFERENCES "notice" ("id") ON DELETE CASCADE, FOREIGN KEY ("school_id") REFERENCES "school" ("code") ON DELETE CASCADE);
INSERT INTO "notice_school" ("id", "notice_id", "school_id") VALUES (1, 1, '98AA00');
INSERT INTO "notice_school" ("id", "notice_id", "school_id") VALUES (2, 1, '98AB00');
CREATE TABLE "outgoing_mail" ("id" INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR(255) NOT NULL, "recipient" VARCHAR(255) NOT NULL, "reply_to" VARCHAR(255) NOT NULL, "subject" VARCHAR(255) NOT NULL, "body" TEXT NOT NULL, "calendar" TEXT NOT NULL, "message_id" VARCHAR(255) NOT NULL, "state" VARCHAR(255) NOT NULL, "created_at" INTEGER NOT NULL, "waiting_since" INTEGER NOT NULL, "next_attempt_at" INTEGER NOT NULL, "attempts" INTEGER NOT NULL, "lease" VARCHAR(255) NOT NULL, "done_at" INTEGER, "error" TEXT NOT NULL);
INSERT INTO "outgoing_mail" ("id", "key", "recipient", "reply_to", "subject", "body", "calendar", "message_id", "state", "created_at", "waiting_since", "next_attempt_at", "attempts", "lease", "done_at", "error") VALUES (1, 'notice:1:1', 'ayse.brandsma@jeugdteam.example', 'coordinator@demo.example', '[Kernwijzer] Afwezigheid per 1 december 2026', 'Vanaf dinsdag 1 december 2026: Ayşe Brandsma is afwezig (tot en met 11 december 2026).

- De Klaver, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)
- Het Rietbos, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)

Coen Coördinator schrijft:
> Kort afwezig.

Heb je dit gezien? Druk op de knop op deze pagina, inloggen hoeft niet:
http://127.0.0.1:5000/wijzigingen/gezien/MQ.35TLHSNzfRdbfNrFzwoLRoJIKDY

De hele melding: http://127.0.0.1:5000/wijzigingen/1
Beantwoord deze mail om Coen Coördinator iets te vragen.

Geen mail meer over afwezigheid? http://127.0.0.1:5000/wijzigingen/afmelden/MQ.qHxP2LaN54ulC77WeJNxne5acIk

Kernwijzer', '', '<a7ae396fa218c6a8a38000ad@po-zk.nl>', 'captured', 1795424400000000, 1795424400000000, 1795424700000000, 0, '', 1795424400000000, '');
INSERT INTO "outgoing_mail" ("id", "key", "recipient", "reply_to", "subject", "body", "calendar", "message_id", "state", "created_at", "waiting_since", "next_attempt_at", "attempts", "lease", "done_at", "error") VALUES (2, 'notice:1:2', 'xander.koster@bureau-leerplicht.example', 'coordinator@demo.example', '[Kernwijzer] Afwezigheid per 1 december 2026', 'Vanaf dinsdag 1 december 2026: Ayşe Brandsma is afwezig (tot en met 11 december 2026).

- De Klaver, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)
- Het Rietbos, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)

Coen Coördinator schrijft:
> Kort afwezig.

Heb je dit gezien? Druk op de knop op deze pagina, inloggen hoeft niet:
http://127.0.0.1:5000/wijzigingen/gezien/Mg.piBidtJl-9Fzb20wrbxIKUxsgr4

De hele melding: http://127.0.0.1:5000/wijzigingen/1
Beantwoord deze mail om Coen Coördinator iets te vragen.

Geen mail meer over afwezigheid? http://127.0.0.1:5000/wijzigingen/afmelden/Mg.xzDpTcieCC7n6mgpv9cv133Ao0w

Kernwijzer', '', '<671d4e2ab4eade5bb81e7c76@po-zk.nl>', 'captured', 1795424400000000, 1795424400000000, 1795424700000000, 0, '', 1795424400000000, '');
INSERT INTO "outgoing_mail" ("id", "key", "recipient", "reply_to", "subject", "body", "calendar", "message_id", "state", "created_at", "waiting_since", "next_attempt_at", "attempts", "lease", "done_at", "error") VALUES (3, 'notice:1:3', 'frederieke.isik@schoolzorg.example', 'coordinator@demo.example', '[Kernwijzer] Afwezigheid per 1 december 2026', 'Vanaf dinsdag 1 december 2026: Ayşe Brandsma is afwezig (tot en met 11 december 2026).

- De Klaver, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)
- Het Rietbos, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)

Coen Coördinator schrijft:
> Kort afwezig.

Heb je dit gezien? Druk op de knop op deze pagina, inloggen hoeft niet:
http://127.0.0.1:5000/wijzigingen/gezien/Mw.WPTimceHP26C4pifBzAhAe0LjpM

De hele melding: http://127.0.0.1:5000/wijzigingen/1
Beantwoord deze mail om Coen Coördinator iets te vragen.

Geen mail meer over afwezigheid? http://127.0.0.1:5000/wijzigingen/afmelden/Mw.J_3QKAi3_wEqauBvL4bRKi2TmV4

Kernwijzer', '', '<d42b6276f28f85f94dccd0cc@po-zk.nl>', 'captured', 1795424400000000, 1795424400000000, 1795424700000000, 0, '', 1795424400000000, '');
INSERT INTO "outgoing_mail" ("id", "key", "recipient", "reply_to", "subject", "body", "calendar", "message_id", "state", "created_at", "waiting_since", "next_attempt_at", "attempts", "lease", "done_at", "error") VALUES (4, 'notice:1:4', 'bo.terpstra@de-klaver.example', 'coordinator@demo.example', '[Kernwijzer] Afwezigheid per 1 december 2026', 'Vanaf dinsdag 1 december 2026: Ayşe Brandsma is afwezig (tot en met 11 december 2026).

- De Klaver, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)
- Het Rietbos, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)

Coen Coördinator schrijft:
> Kort afwezig.

Heb je dit gezien? Druk op de knop op deze pagina, inloggen hoeft niet:
http://127.0.0.1:5000/wijzigingen/gezien/NA.5kmu_dWudXFtSDfjHUZYpuY2hxg

De hele melding: http://127.0.0.1:5000/wijzigingen/1
Beantwoord deze mail om Coen Coördinator iets te vragen.

Geen mail meer over afwezigheid? http://127.0.0.1:5000/wijzigingen/afmelden/NA.s_8WHV5qwKG6lgR1nss-9VOkNNo

Kernwijzer', '', '<bf4460b260f77550785576a1@po-zk.nl>', 'captured', 1795424400000000, 1795424400000000, 1795424700000000, 0, '', 1795424400000000, '');
INSERT INTO "outgoing_mail" ("id", "key", "recipient", "reply_to", "subject", "body", "calendar", "message_id", "state", "created_at", "waiting_since", "next_attempt_at", "attempts", "lease", "done_at", "error") VALUES (5, 'notice:1:5', 'arjan.kalloe@het-rietbos.example', 'coordinator@demo.example', '[Kernwijzer] Afwezigheid per 1 december 2026', 'Vanaf dinsdag 1 december 2026: Ayşe Brandsma is afwezig (tot en met 11 december 2026).

- De Klaver, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)
- Het Rietbos, gezinscoach: Ayşe Brandsma (afwezig tot en met 11-12-2026) (nu: Ayşe Brandsma)

Coen Coördinator schrijft:
> Kort afwezig.

Heb je dit gezien? Druk op de knop op deze pagina, inloggen hoeft niet:
http://127.0.0.1:5000/wijzigingen/gezien/NQ.Gj3V35cqnxpfj-c7ormQoMILNyg

De hele melding: http://127.0.0.1:5000/wijzigingen/1
Beantwoord deze mail om Coen Coördinator iets te vragen.

Geen mail meer over afwezigheid? http://127.0.0.1:5000/wijzigingen/afmelden/NQ.baisj-jpotccNkAWiXfLg_g2Bik

Kernwijzer', '', '<d88bfa99e210a8ee23c438e1@po-zk.nl>', 'captured', 1795424400000000, 1795424400000000, 1795424700000000, 0, '', 1795424400000000, '');
CREATE TABLE "pending_form" ("id" INTEGER NOT NULL PRIMARY KEY, "browser_hash" VARCHAR(255) NOT NULL, "path" VARCHAR(255) NOT NULL, "fields" TEXT NOT NULL, "created_at" INTEGER NOT NULL);
CREATE TABLE "postcode" ("pc4" VARCHAR(255) NOT NULL PRIMARY KEY, "municipality_id" VARCHAR(255) NOT NULL, "place_id" INTEGER, FOREIGN KEY ("municipality_id") REFERENCES "municipality" ("code") ON DELETE RESTRICT, FOREIGN KEY ("place_id") REFERENCES "place" ("id") ON DELETE RESTRICT);
INSERT INTO "postcode" ("pc4", "municipality_id", "place_id") VALUES ('9981', '9901', 1);
INSERT INTO "postcode" ("pc4", "municipality_id", "place_id") VALUES ('9982', '9902', 2);
INSERT INTO "postcode" ("pc4", "municipality_id", "place_id") VALUES ('9983', '9903', 4);
CREATE TABLE "recipient" ("id" INTEGER NOT NULL PRIMARY KEY, "notice_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, "email" VARCHAR(255) NOT NULL, "mailed" INTEGER NOT NULL, "seen_at" INTEGER, "reminded_at" INTEGER, FOREIGN KEY ("notice_id") REFERENCES "notice" ("id") ON DELETE CASCADE, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE);
INSERT INTO "recipient" ("id", "notice_id", "person_id", "email", "mailed", "seen_at", "reminded_at") VALUES (1, 1, 1, 'ayse.brandsma@jeugdteam.example', 1, NULL, NULL);
INSERT INTO "recipient" ("id", "notice_id", "person_id", "email", "mailed", "seen_at", "reminded_at") VALUES (2, 1, 4, 'xander.koster@bureau-leerplicht.example', 1, NULL, NULL);
INSERT INTO "recipient" ("id", "notice_id", "person_id", "email", "mailed", "seen_at", "reminded_at") VALUES (3, 1, 5, 'frederieke.isik@schoolzorg.example', 1, NULL, NULL);
INSERT INTO "recipient" ("id", "notice_id", "person_id", "email", "mailed", "seen_at", "reminded_at") VALUES (4, 1, 6, 'bo.terpstra@de-klaver.example', 1, NULL, NULL);
INSERT INTO "recipient" ("id", "notice_id", "person_id", "email", "mailed", "seen_at", "reminded_at") VALUES (5, 1, 7, 'arjan.kalloe@het-rietbos.example', 1, NULL, NULL);
CREATE TABLE "recipient_school" ("id" INTEGER NOT NULL PRIMARY KEY, "recipient_id" INTEGER NOT NULL, "school_id" VARCHAR(255) NOT NULL, FOREIGN KEY ("recipient_id") REFERENCES "recipient" ("id") ON DELETE CASCADE, FOREIGN KEY ("school_id") REFERENCES "school" ("code") ON DELETE CASCADE);
INSERT INTO "recipient_school" ("id", "recipient_id", "school_id") VALUES (1, 1, '98AA00');
INSERT INTO "recipient_school" ("id", "recipient_id", "school_id") VALUES (2, 1, '98AB00');
INSERT INTO "recipient_school" ("id", "recipient_id", "school_id") VALUES (3, 2, '98AA00');
INSERT INTO "recipient_school" ("id", "recipient_id", "school_id") VALUES (4, 2, '98AB00');
INSERT INTO "recipient_school" ("id", "recipient_id", "school_id") VALUES (5, 3, '98AA00');
INSERT INTO "recipient_school" ("id", "recipient_id", "school_id") VALUES (6, 3, '98AB00');
INSERT INTO "recipient_school" ("id", "recipient_id", "school_id") VALUES (7, 4, '98AA00');
INSERT INTO "recipient_school" ("id", "recipient_id", "school_id") VALUES (8, 5, '98AB00');
CREATE TABLE "request_details" ("request_id" INTEGER NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "email" VARCHAR(255) NOT NULL, "answers" TEXT NOT NULL, "recipients" VARCHAR(255) NOT NULL, FOREIGN KEY ("request_id") REFERENCES "request" ("id") ON DELETE CASCADE);
INSERT INTO "request_details" ("request_id", "name", "email", "answers", "recipients") VALUES (1, 'Mila de Wit', 'mila@deklaver.example', '[["Soort aanvraag", "Een workshop op school"], ["Onderwerp", "Pesten"], ["School", "De Klaver"], ["Voor", "PO"], ["Hoeveel mensen", "9"], ["Naam", "Mila de Wit"], ["E-mailadres", "mila@deklaver.example"]]', 'helpdesk@merenland.example');
INSERT INTO "request_details" ("request_id", "name", "email", "answers", "recipients") VALUES (2, 'Lieke Lezer', 'reader@demo.example', '[["Soort aanvraag", "Lesmateriaal lenen"], ["School", "Vaarschool"], ["Voor", "VO"], ["Naam", "Lieke Lezer"], ["E-mailadres", "reader@demo.example"]]', 'helpdesk@merenland.example');
CREATE TABLE "request_step" ("id" INTEGER NOT NULL PRIMARY KEY, "request_id" INTEGER NOT NULL, "kind" VARCHAR(255) NOT NULL, "taken_at" INTEGER NOT NULL, "actor_id" INTEGER, "planned_on" DATE, "text" TEXT NOT NULL, FOREIGN KEY ("request_id") REFERENCES "request" ("id") ON DELETE CASCADE, FOREIGN KEY ("actor_id") REFERENCES "account" ("id") ON DELETE SET NULL);
INSERT INTO "request_step" ("id", "request_id", "kind", "taken_at", "actor_id", "planned_on", "text") VALUES (1, 1, 'received', 1795078800000000, NULL, NULL, '');
INSERT INTO "request_step" ("id", "request_id", "kind", "taken_at", "actor_id", "planned_on", "text") VALUES (2, 2, 'received', 1794646800000000, NULL, NULL, '');
INSERT INTO "request_step" ("id", "request_id", "kind", "taken_at", "actor_id", "planned_on", "text") VALUES (3, 2, 'handling', 1794733200000000, 4, NULL, '');
CREATE TABLE "responsibility" ("id" INTEGER NOT NULL PRIMARY KEY, "role_id" INTEGER NOT NULL, "municipality_id" VARCHAR(255) NOT NULL, "sector" VARCHAR(255) NOT NULL, "contact_point_id" INTEGER NOT NULL, "rank" INTEGER NOT NULL, "also_by_school" INTEGER NOT NULL, "to_confirm" INTEGER NOT NULL, FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE CASCADE, FOREIGN KEY ("municipality_id") REFERENCES "municipality" ("code") ON DELETE RESTRICT, FOREIGN KEY ("contact_point_id") REFERENCES "contact_point" ("id") ON DELETE CASCADE);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (1, 1, '9901', '', 1, 1, 0, 0);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (2, 2, '9902', '', 2, 1, 0, 0);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (3, 3, '9901', '', 3, 1, 0, 0);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (4, 3, '9902', '', 4, 1, 1, 0);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (5, 4, '9901', 'po', 5, 1, 0, 0);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (6, 4, '9902', 'po', 5, 1, 0, 0);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (7, 4, '9901', 'vo', 5, 1, 0, 1);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (8, 4, '9902', 'vo', 5, 1, 0, 1);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (9, 5, '9901', '', 6, 1, 0, 0);
INSERT INTO "responsibility" ("id", "role_id", "municipality_id", "sector", "contact_point_id", "rank", "also_by_school", "to_confirm") VALUES (10, 5, '9902', '', 6, 1, 0, 0);
CREATE TABLE "role_in_sector" ("id" INTEGER NOT NULL PRIMARY KEY, "role_id" INTEGER NOT NULL, "sector_id" VARCHAR(255) NOT NULL, "expected" INTEGER NOT NULL, "to_confirm" INTEGER NOT NULL, FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE CASCADE, FOREIGN KEY ("sector_id") REFERENCES "sector" ("key") ON DELETE RESTRICT);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (1, 1, 'po', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (2, 1, 'vo', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (3, 2, 'po', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (4, 2, 'vo', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (5, 3, 'po', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (6, 3, 'vo', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (7, 4, 'po', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (8, 4, 'vo', 1, 1);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (9, 5, 'po', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (10, 5, 'vo', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (11, 6, 'po', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (12, 6, 'vo', 1, 0);
INSERT INTO "role_in_sector" ("id", "role_id", "sector_id", "expected", "to_confirm") VALUES (13, 7, 'vo', 0, 0);
CREATE TABLE "set_up_link" ("id" INTEGER NOT NULL PRIMARY KEY, "token_hash" VARCHAR(255) NOT NULL, "created_at" INTEGER NOT NULL, "used_at" INTEGER);
CREATE TABLE "sign_in_request" ("id" INTEGER NOT NULL PRIMARY KEY, "email" VARCHAR(255) NOT NULL, "token_hash" VARCHAR(255) NOT NULL, "code_mac" VARCHAR(255) NOT NULL, "browser_hash" VARCHAR(255) NOT NULL, "created_at" INTEGER NOT NULL, "attempts" INTEGER NOT NULL, "open" INTEGER NOT NULL);
CREATE TABLE "sign_in_session" ("id" INTEGER NOT NULL PRIMARY KEY, "token_hash" VARCHAR(255) NOT NULL, "account_id" INTEGER NOT NULL, "device" VARCHAR(255) NOT NULL, "created_at" INTEGER NOT NULL, "seen_at" INTEGER NOT NULL, FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE);
INSERT INTO "sign_in_session" ("id", "token_hash", "account_id", "device", "created_at", "seen_at") VALUES (1, '492d98d4dcc179dc7034919a9cc7b79f3e5b79916a39826be6953cf5ac5cb61b', 4, 'een browser', 1795424400000000, 1795424400000000);
CREATE TABLE "substitute" ("id" INTEGER NOT NULL PRIMARY KEY, "absence_id" INTEGER NOT NULL, "assignment_id" INTEGER NOT NULL, "person_id" INTEGER NOT NULL, "row_version" INTEGER NOT NULL, FOREIGN KEY ("absence_id") REFERENCES "absence" ("id") ON DELETE CASCADE, FOREIGN KEY ("assignment_id") REFERENCES "assignment" ("id") ON DELETE CASCADE, FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE);
CREATE TABLE "vacancy" ("id" INTEGER NOT NULL PRIMARY KEY, "role_id" INTEGER NOT NULL, "school_id" VARCHAR(255) NOT NULL, "valid_from" DATE NOT NULL, "valid_until" DATE, "row_version" INTEGER NOT NULL, "source" VARCHAR(255) NOT NULL, "checked_on" DATE NOT NULL, FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE RESTRICT, FOREIGN KEY ("school_id") REFERENCES "school" ("code") ON DELETE RESTRICT);
CREATE VIRTUAL TABLE search_document USING fts5 (title, names, context, kind UNINDEXED, ref UNINDEXED, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (100000001, 'gezinscoach', 'coach', '', 'role', 'gezinscoach');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (100000002, 'dorpscoach', '', '', 'role', 'dorpscoach');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (100000003, 'leerplichtconsulent', 'verzuim', '', 'role', 'leerplicht');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (100000004, 'ondersteuner passend onderwijs', '', '', 'role', 'ondersteuner');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (100000005, 'schoolarts', '', '', 'role', 'schoolarts');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (100000006, 'directeur', '', '', 'role', 'directeur');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (100000007, 'mentor', '', '', 'role', 'mentor');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (200000001, 'plassendam', 'gemeente plassendam', '9981', 'municipality', '9901');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (200000002, 'waterburen', 'gemeente waterburen', '9982', 'municipality', '9902');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (200000003, 'verderop', 'gemeente verderop', '9983', 'municipality', '9903');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (300000001, 'lisdorp', '', '', 'place', '3');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (400000001, 'de klaver', 'de klaver', '98aa00 lisweg 9981 aa 9981aa plassendam plassendam school basisonderwijs', 'school', '98AA00');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (400000002, 'de waterlelie', 'de waterlelie', '98ac00 kade 9982 aa 9982aa waterburen waterburen school basisonderwijs', 'school', '98AC00');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (400000003, 'het rietbos', 'het rietbos', '98ab00 rietlaan 9981 ab 9981ab plassendam plassendam school basisonderwijs', 'school', '98AB00');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (400000004, 'merencollege', 'merencollege mc', '98ba00 meerplein 9981 ac 9981ac plassendam plassendam school voortgezet onderwijs', 'school', '98BA00');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (400000005, 'vaarschool', 'vaarschool', '98bb00 kade 9982 ab 9982ab waterburen waterburen school voortgezet onderwijs', 'school', '98BB00');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000001, 'dewi van baalen', 'van', 'vaarschool', 'person', '10');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000002, 'ayse brandsma', '', 'jeugdteam plassendam', 'person', '1');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000003, 'frederieke isik', '', 'schoolzorg merenland', 'person', '5');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000004, 'tamara isik', '', 'dorpsteam waterburen', 'person', '3');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000005, 'arjan kalloe', '', 'het rietbos', 'person', '7');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000006, 'xander koster', '', 'bureau leerplicht merenland', 'person', '4');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000007, 'noor van der laan', 'vander', 'jeugdteam plassendam', 'person', '2');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000008, 'rachid naziri', '', 'jeugdteam plassendam', 'person', '11');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000009, 'bo terpstra', '', 'de klaver', 'person', '6');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000010, 'jeroen vermeer', '', 'de waterlelie', 'person', '9');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (500000011, 'karim visser', '', 'merencollege', 'person', '8');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000001, 'verzuimkaart', 'verzuim te laat ziek signaalverzuim verlof vakantie inschrijving uitschrijving', 'te laat ziek weg of verlof wat doe je nu', 'routeboek', 'guide.attendance_card');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000002, 'zorgen over veiligheid', 'veilig thuis meldcode kindermishandeling huiselijk geweld 112 melden', 'thuis niet veilig zie wie je belt', 'routeboek', 'guide.safety');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000003, 'wie mag de tweede deskundige zijn', 'tlv toelaatbaarheidsverklaring deskundige overstap sbo', 'bij een overstap naar speciaal onderwijs', 'routeboek', 'guide.second_expert');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000004, 'wie betaalt het intelligentieonderzoek', 'intelligentietest iq test capaciteitenonderzoek capaciteiten betalen', 'beantwoord drie vragen en zie wie betaalt en wie je belt', 'routeboek', 'guide.intelligence_test');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000005, 'tekst voor schoolgids of website', 'schoolgids website ouders tekst kernteam', 'vertel ouders dat werken met een kernteam gewoon is', 'routeboek', 'guide.school_text');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000006, 'wat betekenen de woorden', 'afkortingen woordenlijst begrippen', 'de afkortingen in het routeboek', 'routeboek', 'guide.glossary');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000007, 'wie doet wat', 'bij twijfel gezinscoach', 'wie er rond een school werken de gezinscoach helpt bij vragen over opvoeden het jt helpt ook bij twijfel bel de ondersteuner', 'routeboek', 'wie-doet-wat');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000008, 'veilig thuis', 'meldcode', 'wat je doet bij zorgen over veiligheid gebruik de meldcode het nummer van de crisisdienst', 'routeboek', 'veiligheid');
INSERT INTO "search_document" ("rowid", "title", "names", "context", "kind", "ref") VALUES (600000009, 'jt', 'jeugdteam', '', 'routeboek', 'woord-jt');
CREATE UNIQUE INDEX "schema_migration_name" ON "schema_migration" ("name");
CREATE UNIQUE INDEX "organisation_key" ON "organisation" ("key");
CREATE INDEX "person_organisation_id" ON "person" ("organisation_id");
CREATE INDEX "absence_person_id" ON "absence" ("person_id");
CREATE UNIQUE INDEX "account_email" ON "account" ("email");
CREATE INDEX "account_organisation_id" ON "account" ("organisation_id");
CREATE INDEX "account_person_id" ON "account" ("person_id");
CREATE UNIQUE INDEX "role_key" ON "role" ("key");
CREATE UNIQUE INDEX "municipality_name" ON "municipality" ("name");
CREATE UNIQUE INDEX "municipality_slug" ON "municipality" ("slug");
CREATE UNIQUE INDEX "place_name" ON "place" ("name");
CREATE INDEX "place_municipality_id" ON "place" ("municipality_id");
CREATE UNIQUE INDEX "school_organisation_id" ON "school" ("organisation_id");
CREATE INDEX "school_sector_id" ON "school" ("sector_id");
CREATE UNIQUE INDEX "school_slug" ON "school" ("slug");
CREATE INDEX "school_place_id" ON "school" ("place_id");
CREATE INDEX "assignment_person_id" ON "assignment" ("person_id");
CREATE INDEX "assignment_role_id" ON "assignment" ("role_id");
CREATE INDEX "assignment_school_id" ON "assignment" ("school_id");
CREATE INDEX "assignment_school_id_role_id_valid_from" ON "assignment" ("school_id", "role_id", "valid_from");
CREATE INDEX "attempt_key" ON "attempt" ("key");
CREATE INDEX "audit_entry_at" ON "audit_entry" ("at");
CREATE INDEX "change_record_notice" ON "change_record" ("notice");
CREATE INDEX "change_record_table_row" ON "change_record" ("table", "row");
CREATE UNIQUE INDEX "contact_point_key" ON "contact_point" ("key");
CREATE INDEX "contact_point_organisation_id" ON "contact_point" ("organisation_id");
CREATE INDEX "contact_detail_person_id" ON "contact_detail" ("person_id");
CREATE INDEX "contact_detail_contact_point_id" ON "contact_detail" ("contact_point_id");
CREATE UNIQUE INDEX "subject_key" ON "subject" ("key");
CREATE UNIQUE INDEX "request_reference" ON "request" ("reference");
CREATE UNIQUE INDEX "request_form_hash" ON "request" ("form_hash");
CREATE INDEX "request_subject_id" ON "request" ("subject_id");
CREATE INDEX "request_school_id" ON "request" ("school_id");
CREATE INDEX "request_state" ON "request" ("state");
CREATE INDEX "request_account_id" ON "request" ("account_id");
CREATE INDEX "follow_link_request_id" ON "follow_link" ("request_id");
CREATE UNIQUE INDEX "follow_link_token_hash" ON "follow_link" ("token_hash");
CREATE INDEX "holiday_valid_from" ON "holiday" ("valid_from");
CREATE UNIQUE INDEX "listed_domain_domain" ON "listed_domain" ("domain");
CREATE INDEX "listed_domain_organisation_id" ON "listed_domain" ("organisation_id");
CREATE INDEX "mailbox_key" ON "mailbox" ("key");
CREATE INDEX "mailbox_set_by_id" ON "mailbox" ("set_by_id");
CREATE INDEX "muted_kind_person_id" ON "muted_kind" ("person_id");
CREATE UNIQUE INDEX "muted_kind_person_id_kind" ON "muted_kind" ("person_id", "kind");
CREATE UNIQUE INDEX "notice_key" ON "notice" ("key");
CREATE INDEX "notice_organisation_id" ON "notice" ("organisation_id");
CREATE INDEX "notice_account_id" ON "notice" ("account_id");
CREATE INDEX "notice_valid_from" ON "notice" ("valid_from");
CREATE INDEX "notice_event_notice_id" ON "notice_event" ("notice_id");
CREATE INDEX "notice_line_notice_id" ON "notice_line" ("notice_id");
CREATE INDEX "notice_line_school_id" ON "notice_line" ("school_id");
CREATE INDEX "notice_school_notice_id" ON "notice_school" ("notice_id");
CREATE INDEX "notice_school_school_id" ON "notice_school" ("school_id");
CREATE UNIQUE INDEX "notice_school_notice_id_school_id" ON "notice_school" ("notice_id", "school_id");
CREATE UNIQUE INDEX "outgoing_mail_key" ON "outgoing_mail" ("key");
CREATE UNIQUE INDEX "outgoing_mail_message_id" ON "outgoing_mail" ("message_id");
CREATE INDEX "outgoing_mail_state" ON "outgoing_mail" ("state");
CREATE INDEX "postcode_municipality_id" ON "postcode" ("municipality_id");
CREATE INDEX "postcode_place_id" ON "postcode" ("place_id");
CREATE INDEX "recipient_notice_id" ON "recipient" ("notice_id");
CREATE INDEX "recipient_person_id" ON "recipient" ("person_id");
CREATE UNIQUE INDEX "recipient_notice_id_person_id" ON "recipient" ("notice_id", "person_id");
CREATE INDEX "recipient_school_recipient_id" ON "recipient_school" ("recipient_id");
CREATE INDEX "recipient_school_school_id" ON "recipient_school" ("school_id");
CREATE UNIQUE INDEX "recipient_school_recipient_id_school_id" ON "recipient_school" ("recipient_id", "school_id");
CREATE INDEX "request_details_email" ON "request_details" ("email");
CREATE INDEX "request_step_request_id" ON "request_step" ("request_id");
CREATE INDEX "request_step_actor_id" ON "request_step" ("actor_id");
CREATE INDEX "responsibility_role_id" ON "responsibility" ("role_id");
CREATE INDEX "responsibility_municipality_id" ON "responsibility" ("municipality_id");
CREATE INDEX "responsibility_contact_point_id" ON "responsibility" ("contact_point_id");
CREATE UNIQUE INDEX "responsibility_role_id_municipality_id_sector_rank" ON "responsibility" ("role_id", "municipality_id", "sector", "rank");
CREATE INDEX "role_in_sector_role_id" ON "role_in_sector" ("role_id");
CREATE INDEX "role_in_sector_sector_id" ON "role_in_sector" ("sector_id");
CREATE UNIQUE INDEX "role_in_sector_role_id_sector_id" ON "role_in_sector" ("role_id", "sector_id");
CREATE UNIQUE INDEX "set_up_link_token_hash" ON "set_up_link" ("token_hash");
CREATE UNIQUE INDEX "sign_in_request_token_hash" ON "sign_in_request" ("token_hash");
CREATE INDEX "sign_in_request_browser_hash" ON "sign_in_request" ("browser_hash");
CREATE UNIQUE INDEX "sign_in_session_token_hash" ON "sign_in_session" ("token_hash");
CREATE INDEX "sign_in_session_account_id" ON "sign_in_session" ("account_id");
CREATE INDEX "substitute_absence_id" ON "substitute" ("absence_id");
CREATE INDEX "substitute_assignment_id" ON "substitute" ("assignment_id");
CREATE INDEX "substitute_person_id" ON "substitute" ("person_id");
CREATE UNIQUE INDEX "substitute_absence_id_assignment_id" ON "substitute" ("absence_id", "assignment_id");
CREATE INDEX "vacancy_role_id" ON "vacancy" ("role_id");
CREATE INDEX "vacancy_school_id" ON "vacancy" ("school_id");
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END;
