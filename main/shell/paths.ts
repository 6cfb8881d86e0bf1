import path from 'node:path';
import { app } from 'electron';

/** Where a built file of the app is, in a folder or in a package. */
export const builtFile = (...names: string[]) => path.join(app.getAppPath(), 'out', ...names);
