// Runs all server audits of graphql-http against the server, and says each that fails.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.env.MYKPI_URL });
const failed = results.filter((r) => r.status !== 'ok');
for (const r of failed) console.log(`${r.id} ${r.name}: ${r.reason}`);
console.log(`${results.length - failed.length} of ${results.length}`);
process.exit(failed.length || results.length !== 61 ? 1 : 0);
