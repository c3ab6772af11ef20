// SPDX-License-Identifier: MIT
// node duckdb.mjs DATABASE FILE.sql: runs the statements; a query's rows are printed. A row with `wrong` above 0 is a failure.
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [database, file] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(database)).connect();
for (const statement of readFileSync(file, 'utf8').replace(/^--.*$/gm, '').split(/;\s*\n/)) {
  if (!statement.trim()) continue;
  const rows = (await connection.runAndReadAll(statement)).getRowObjectsJson();
  if (rows.length && !('Count' in rows[0])) console.log(JSON.stringify(rows[0]));
  if (rows.length && Number(rows[0].wrong) > 0) process.exit(1);
}
connection.closeSync();
