import { tlsFailure } from '../database/tls-client.ts'
import { databaseOf, locationOf, userOf } from './connection-url.ts'
import { EngineError } from './engine-error.ts'
import { isDatabaseError, renderDatabaseError, renderPosition, rustDebug } from './database-error.ts'

// The sentences below are those of the native engine, word for word: learners search for them.

/** The native error for a connection that did not come about. */
export function connectionError(error: unknown, url: string): EngineError {
  const { code, message } = error as { code?: string; message: string }
  const database = databaseOf(url)
  const location = locationOf(url)
  if (code === '28P01' || /password must be a string/.test(message)) {
    const text =
      `Authentication failed against database server, the provided database credentials for \`${userOf(url)}\` are not valid.\n\n` +
      'Please make sure to provide valid database credentials for the database server at the configured address.'
    return new EngineError(text, 'P1000', { database_user: userOf(url) }, error)
  }
  const encryption = tlsFailure(error)
  if (encryption !== undefined) {
    const text = `Error opening a TLS connection: ${encryption}`
    return new EngineError(text, 'P1011', { message: encryption }, error)
  }
  if (code === '3D000') {
    return new EngineError(`Database \`${database}\` does not exist`, 'P1003', { database_name: database }, error)
  }
  if (code === '28000') {
    const text = `User was denied access on the database \`${database}\``
    return new EngineError(text, 'P1010', { database_name: database }, error)
  }
  if (isDatabaseError(error)) return new EngineError(renderDatabaseError(error), undefined, null, error)
  const text =
    `Can't reach database server at \`${location}\`\n\n` +
    `Please make sure your database server is running at \`${location}\`.`
  return new EngineError(text, 'P1001', { database_location: location }, error)
}

/** The native error for a migration that PostgreSQL refused while it was applied, in the statement at `offset` of it. */
export function migrationFailed(migrationName: string, script: string, error: unknown, offset = 0): EngineError {
  const fromDatabase = isDatabaseError(error)
  const code = fromDatabase ? error.code : 'none'
  const text = fromDatabase
    ? `${renderDatabaseError(error)}${renderPosition(error, script, offset)}\n\n${rustDebug(error)}`
    : (error as Error).message
  const message =
    'A migration failed to apply. New migrations cannot be applied before the error is recovered from. ' +
    'Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n' +
    `Migration name: ${migrationName}\n\nDatabase error code: ${code}\n\nDatabase error:\n${text}\n`
  const meta = { migration_name: migrationName, database_error_code: code, database_error: text }
  return new EngineError(message, 'P3018', meta, error)
}

/**
 * What the native engine says of a migration that fails between its own BEGIN and COMMIT: it tries to note the failure in
 * the transaction that has failed, and tells of that. Nothing of the migration's own error is noted anywhere.
 */
export function failureNotNoted(migrationName: string, error: unknown): EngineError {
  const said = isDatabaseError(error) ? renderDatabaseError(error) : (error as Error).message
  const trace =
    '   0: schema_commands::commands::apply_migrations::Applying migration\n' +
    `           with migration_name="${migrationName}"`
  return new EngineError(`${said}\n${trace}`, undefined, null, error)
}

/** The native error for a migration that PostgreSQL refused while it was replayed in a shadow database. */
export function migrationFailedOnShadow(
  migrationName: string,
  script: string,
  error: unknown,
  offset = 0,
): EngineError {
  const inner = migrationFailed(migrationName, script, error, offset)
  const message =
    `Migration \`${migrationName}\` failed to apply cleanly to the shadow database. \n` +
    `Error code: ${inner.code}\nError:\n${inner.message}`
  return new EngineError(message, 'P3006', { migration_name: migrationName, inner_error: inner.meta }, error)
}

export function shadowNotCreated(error: unknown): EngineError {
  const inner = isDatabaseError(error) ? renderDatabaseError(error) : (error as Error).message
  const message =
    'Prisma Migrate could not create the shadow database. Please make sure the database user has permission to create databases. ' +
    `Read more about the shadow database (and workarounds) at https://pris.ly/d/migrate-shadow\n\nOriginal error: \n${inner}`
  return new EngineError(message, 'P3014', null, error)
}

export function databaseNotCreated(error: unknown): EngineError {
  const inner = isDatabaseError(error) ? renderDatabaseError(error) : (error as Error).message
  return new EngineError(`Failed to create database: ${inner}`, 'P3000', { database_error: inner }, error)
}
