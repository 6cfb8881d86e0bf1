import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Log {
  info(what: string, facts?: Record<string, unknown>): void;
  /** Logs what nobody foresaw, once, with its stack. Answers with the reference under which it is found. */
  unforeseen(error: unknown, where: string): string;
}

const largestBytes = 1024 * 1024;
const secretNames = /token|password|secret|authorization|code|key|justification|comment/i;
const secretForms = [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, /ovr_[\w-]+/g, /Bearer\s+\S+/gi, /\b[0-9a-f]{40,}\b/g];

/** A log of JSON lines in `folder`; two files of 1 MB at most. Values that are or look like secrets are left out. */
export function createLog(folder: string): Log {
  const file = path.join(folder, 'oversight.log');
  let last: Promise<void> = mkdir(folder, { recursive: true, mode: 0o700 }).then(() => undefined);
  const write = (line: object) => {
    last = last
      .then(async () => {
        const size = await stat(file).then(
          (found) => found.size,
          () => 0,
        );
        if (size > largestBytes) await rename(file, `${file}.1`);
        await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
      })
      .catch(() => undefined);
  };
  return {
    info: (what, facts = {}) => write({ at: new Date().toISOString(), what, ...(redact(facts) as object) }),
    unforeseen(error, where) {
      const reference = randomBytes(4).toString('hex');
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      write({ at: new Date().toISOString(), what: 'unforeseen', where, reference, stack: redact(stack) });
      return reference;
    },
  };
}

/** A value without what is, by its name or its form, a secret. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return secretForms.reduce((text, form) => text.replace(form, '[redacted]'), value);
  if (Array.isArray(value)) return value.map(redact);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        secretNames.test(name) && typeof one === 'string' ? '[redacted]' : redact(one),
      ]),
    );
  }
  return value;
}
