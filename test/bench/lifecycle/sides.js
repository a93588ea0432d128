/**
 * Who keeps the dossiers. @typedef {object} Side
 * @property {string} name
 * @property {string} base                     address
 * @property {import('./database.js').Sql} sql into its database, as the owner of the tables
 * @property {import('../cpu.js').Parts} parts its process (`node`: Node or the JVM) and its PostgreSQL
 * @property {() => Promise<number>} unsent    rows of its outbox that the broker has not got
 * @property {() => Promise<void>} stop
 */
export {};
