/** Brings a store forward and dies before that is committed, by a signal that nothing can be done about. Argument: file */
import { migrate } from '../../../src/store/schema.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';

const [file = ''] = process.argv.slice(2);
const database = openSqlite(file, { durable: true });
// What does not fit into so little memory is written to the disk before the end.
database.exec('PRAGMA cache_size = 5; BEGIN IMMEDIATE');
migrate(database, file);
process.kill(process.pid, 'SIGKILL');
