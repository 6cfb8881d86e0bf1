// `npm run bench`: JSON lines, one a figure. `npm run bench -- start bridge media` runs parts. How it is measured: compare.ts.
import { measureBridge } from './bridge.ts';
import { measureDesk } from './desk.ts';
import { measureLive } from './live.ts';
import { measureMedia } from './media.ts';
import { measureRevocation } from './revocation.ts';
import { measureStart } from './start.ts';

const parts = {
  start: measureStart,
  bridge: measureBridge,
  media: measureMedia,
  live: measureLive,
  revocation: measureRevocation,
  desk: measureDesk,
};
const wanted = process.argv.slice(2);

for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) await measure();
}
process.exit(0);
