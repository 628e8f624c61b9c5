-- The ledger. Times are UTC ticks, as in page tokens and page orders. Text that orders rows is compared by bytes: COLLATE "C".

CREATE TABLE ledger_jobs (
    tenant text COLLATE "C" NOT NULL,
    job text COLLATE "C" NOT NULL,
    collection text COLLATE "C" NOT NULL,
    state integer NOT NULL,
    created_at bigint NOT NULL,
    finished_at bigint,
    event_sequence bigint NOT NULL,
    status text NOT NULL,
    PRIMARY KEY (tenant, job)
);
CREATE INDEX ledger_jobs_by_age ON ledger_jobs (tenant, created_at, job);
CREATE INDEX ledger_jobs_by_state ON ledger_jobs (tenant, state, created_at, job);
CREATE INDEX ledger_jobs_by_collection ON ledger_jobs (tenant, collection, created_at, job);
-- Queued and running.
CREATE INDEX ledger_jobs_unfinished ON ledger_jobs (created_at, tenant, job) WHERE state IN (1, 2);

CREATE TABLE ledger_events (
    key text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    event text NOT NULL,
    PRIMARY KEY (key, sequence)
);

CREATE TABLE ledger_failures (
    key text COLLATE "C" NOT NULL,
    ordinal bigint NOT NULL,
    document_id text COLLATE "C" NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (key, ordinal)
);

-- Writers of a job's failures lock the job's row.
CREATE TABLE ledger_failure_counts (
    key text COLLATE "C" PRIMARY KEY,
    count bigint NOT NULL
);

CREATE TABLE ledger_collections (
    tenant text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    info text NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- Scopes and origins are long and repeat in every row, so they are interned as numbers. They are never deleted.
CREATE TABLE ledger_scopes (
    scope bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL UNIQUE
);
CREATE TABLE ledger_origins (
    origin bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    full_name text COLLATE "C"
);

-- An id that is too long for an index is stored in full_id; id is then its beginning and a digest.
CREATE TABLE ledger_documents (
    scope bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    full_id text COLLATE "C",
    origin bigint NOT NULL,
    hash bytea,
    chunks integer NOT NULL,
    generation bigint NOT NULL,
    epoch bigint NOT NULL,
    indexed_at bigint NOT NULL,
    PRIMARY KEY (scope, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ledger_documents_by_origin ON ledger_documents (scope, origin, generation);
