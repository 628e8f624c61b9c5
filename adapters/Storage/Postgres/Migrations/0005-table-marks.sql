-- A row in each table that no tenant, cluster or service can have: a table without it was emptied. Without the mark, an emptied table would be
-- taken for a new one, and everything would be read and stored again. The statements can be repeated.

INSERT INTO ledger_jobs (tenant, job, collection, state, created_at, event_sequence, status) VALUES ('', '', '', 0, -1, 0, '') ON CONFLICT DO NOTHING;
INSERT INTO ledger_events (key, sequence, event) VALUES ('', 0, '') ON CONFLICT DO NOTHING;
INSERT INTO ledger_failures (key, ordinal, document_id, code, reason, at) VALUES ('', 0, '', '', '', 0) ON CONFLICT DO NOTHING;
INSERT INTO ledger_failure_counts (key, count) VALUES ('', 1) ON CONFLICT DO NOTHING;
INSERT INTO ledger_collections (tenant, name, info) VALUES ('', '', '') ON CONFLICT DO NOTHING;
INSERT INTO ledger_scopes (scope, key) OVERRIDING SYSTEM VALUE VALUES (0, '') ON CONFLICT DO NOTHING;

-- The origin of documents whose origin is not known.
INSERT INTO ledger_origins (origin, name) OVERRIDING SYSTEM VALUE VALUES (0, '') ON CONFLICT DO NOTHING;
INSERT INTO ledger_documents (scope, id, origin, chunks, generation, epoch, indexed_at) VALUES (0, '', 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING;

INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES ('') ON CONFLICT DO NOTHING;

-- 6 is dead.
INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
VALUES ('', '', 0, 0, '', '', 6, 0, 'epoch', 'epoch') ON CONFLICT DO NOTHING;
INSERT INTO OrleansStorage (ServiceId, GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, Version)
VALUES ('', 0, 0, 0, 0, '', '', 0) ON CONFLICT DO NOTHING;
INSERT INTO OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
VALUES ('', '', '', 'epoch', 0, 0, 0) ON CONFLICT DO NOTHING;
