import { spawn } from 'node:child_process';
import { ImportError } from './failure.ts';

export type ToolRun = {
  /** Takes the output piece by piece; without it the whole is kept and answered. */
  onOutput?: (chunk: Buffer) => void;
  /** How far ffmpeg is, in ms of the recording. */
  onProgress?: (atMs: number) => void;
  cwd?: string;
};

/** The last words of a tool that are kept to say why it failed. */
const keptCharacters = 4_000;

/** Runs ffmpeg or ffprobe. Answers with its output and its warnings; fails with ImportError when it is not there or does not succeed. */
export async function runTool(
  tool: 'ffmpeg' | 'ffprobe',
  args: readonly string[],
  { onOutput, onProgress, cwd }: ToolRun = {},
): Promise<{ output: string; warnings: string }> {
  const progress = onProgress ? ['-nostats', '-progress', 'pipe:2'] : [];
  const child = spawn(tool, ['-hide_banner', '-v', 'error', ...progress, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const kept: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => (onOutput ? onOutput(chunk) : kept.push(chunk)));
  let warnings = '';
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, microseconds] = /^out_time_us=(\d+)$/.exec(line) ?? [];
      if (microseconds !== undefined) onProgress?.(Number(microseconds) / 1_000);
      else if (!onProgress || !/^[a-z0-9_]+=/.test(line)) warnings = `${warnings}${line}\n`.slice(-keptCharacters);
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new ImportError(`${tool} is not installed. Install the package ffmpeg and start again.`)
          : error,
      ),
    );
    child.once('close', resolve);
  });
  warnings = `${warnings}${rest}`;
  if (warnings.includes('No space left on device')) throw new ImportError(diskFull);
  if (code !== 0) throw new ToolError(`${tool} failed: ${warnings.trim().split('\n').at(-1) ?? `exit code ${code}`}`, warnings);
  return { output: Buffer.concat(kept).toString('utf8'), warnings };
}

export const diskFull = 'The disk is full. Make room in the folder of the gateway and start again: what is finished is kept.';

/** A tool that ran and did not succeed; `warnings` are its own words. */
export class ToolError extends ImportError {
  readonly warnings: string;
  constructor(message: string, warnings: string) {
    super(message);
    this.warnings = warnings;
  }
}
