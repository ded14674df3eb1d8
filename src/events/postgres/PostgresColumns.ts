/** What columns of the log are in PostgreSQL, and how they are found. */

/** Text is compared byte by byte: it is only ever looked up, and keys are listed as in the other adapters. */
export const text = `text COLLATE "C"`

/** A statement: faster than PostgreSQL's own compression, where the server was built with it. */
export const compressed = (table: string, column: string): string =>
  `DO $$ BEGIN
    ALTER TABLE ${table} ALTER COLUMN ${column} SET COMPRESSION lz4;
  EXCEPTION WHEN feature_not_supported OR invalid_parameter_value OR syntax_error THEN NULL;
  END $$`

/** In SQL: what a stream is found by. A name of 60 characters would be most of its index. */
export const hashOf = (stream: string): string => `hashtextextended(${stream} COLLATE "C", 0)`

/** In SQL: a stream is the one that is given. */
export const isStream = (column: string, given: string): string =>
  `${hashOf(column)} = ${hashOf(given)} AND ${column} = ${given}`

/** In SQL: a stream is one of those that are given, a list of texts. */
export const isOneOf = (column: string, given: string): string =>
  `${hashOf(column)} = ANY(ARRAY(SELECT ${hashOf("one")} FROM unnest(${given}) AS one)) AND ${column} = ANY(${given})`
