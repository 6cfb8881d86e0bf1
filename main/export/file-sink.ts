import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { fail } from '../../contract/failure.ts';

export interface Sink {
  /** Appends text (as UTF-8) or bytes. Fails with CANNOT_SAVE_FILE. */
  write(data: string | Uint8Array): void;
  /** Puts everything on the disk and closes the file. Answers with the SHA-256 of it. Fails with CANNOT_SAVE_FILE. */
  end(): string;
}

const bufferBytes = 1024 * 1024;

/** The name under which a file is written until it is whole: beside the name that it will have. */
export const unfinishedName = (file: string) => `${file}.${randomUUID().slice(0, 8)}.part`;

/**
 * A new file that only its owner may read, written from a buffer of fixed size. Writing waits for the disk: whoever produces is never
 * ahead of it, and memory holds one buffer however long the file gets. For processes that have nothing else to answer meanwhile.
 */
export function openSink(file: string): Sink {
  const fd = saved(() => openSync(file, 'wx', 0o600));
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let used = 0;

  function flush(): void {
    const filled = buffer.subarray(0, used);
    hash.update(filled);
    saved(() => writeAll(fd, filled));
    used = 0;
  }

  return {
    write(data) {
      // A UTF-16 unit takes at most three bytes.
      const most = typeof data === 'string' ? data.length * 3 : data.length;
      if (most > bufferBytes - used) flush();
      if (most > bufferBytes) {
        const bytes = Buffer.from(data as string);
        hash.update(bytes);
        saved(() => writeAll(fd, bytes));
      } else if (typeof data === 'string') used += buffer.write(data, used);
      else {
        buffer.set(data, used);
        used += data.length;
      }
    },
    end() {
      flush();
      saved(() => fsyncSync(fd));
      saved(() => closeSync(fd));
      return hash.digest('hex');
    },
  };
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

/** What the disk refuses is one failure to the person, whatever its number. */
function saved<T>(work: () => T): T {
  try {
    return work();
  } catch {
    return fail('CANNOT_SAVE_FILE');
  }
}
