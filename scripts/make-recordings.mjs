// Makes the demo recordings anew: real programs on a display of their own, typed by a machine, recorded as they run.
//   node scripts/make-recordings.mjs [NAME…]
// Needs (Debian): xvfb xterm xdotool openbox ffmpeg nginx-light sqlite3 mousepad galculator x11-apps hsetroot, and root for `unshare`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { main, root, run, Stop, say } from './lib/steps.mjs';
import { scenarios } from './recordings/scenarios.mjs';

const [width, height, fps] = [1280, 720, 10];
const needed = [
  'Xvfb',
  'xterm',
  'xdotool',
  'openbox',
  'ffmpeg',
  'nginx',
  'sqlite3',
  'mousepad',
  'galculator',
  'xcalc',
  'hsetroot',
  'unshare',
];
const nobody = 65534;
/** Runs the words after the first as an ordinary user, with the home that the first word's folder holds. */
const asUser = `mount --bind "$0/home" /home && exec setpriv --reuid=${nobody} --regid=${nobody} --clear-groups "$@"`;
const most = 3 * 1024 * 1024;
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

await main(async () => {
  const missing = needed.filter(
    (name) => !['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((folder) => existsSync(`${folder}/${name}`)),
  );
  if (missing.length > 0) {
    throw new Stop(
      `Missing: ${missing.join(' ')}. Please run:\n\n    apt-get install -y --no-install-recommends xvfb xterm xdotool openbox ffmpeg nginx-light sqlite3 mousepad galculator x11-apps hsetroot\n`,
    );
  }
  const wanted = process.argv.slice(2);
  await Promise.all(scenarios.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).map(record));
});

async function record(scenario) {
  const work = mkdtempSync(path.join(tmpdir(), 'recording-'));
  const started = [];
  const launch = (command, args, options = {}) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    started.push(child);
    return child;
  };
  try {
    const display = launch('Xvfb', ['-displayfd', '1', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp']);
    const [number] = await once(createInterface({ input: display.stdout }), 'line');
    const env = {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      DISPLAY: `:${number}`,
      LANG: 'C.UTF-8',
      HOME: work,
      XDG_CONFIG_HOME: `${work}/.config`,
      NO_AT_BRIDGE: '1',
    };
    if (scenario.terminal) openTerminal(scenario.terminal, work, env, launch);
    else await openDesktop(scenario.desktop, work, env, launch);
    await sleep(3);

    const out = path.join(root, 'assets/recordings', scenario.name);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const { camera, firstFrameMs } = await film(scenario.form, out, env, launch);
    const events = await act(scenario, env, firstFrameMs, work, launch);
    camera.kill('SIGINT');
    await once(camera, 'exit');

    const seconds = Number(
      run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path.join(out, 'index.m3u8')]),
    );
    const durationMs = Math.round(seconds * 1000);
    const ended = { atMs: durationMs, type: 'session', text: 'session closed' };
    const session = { ...scenario.session, durationMs, width, height, fps, events: [...events, ended] };
    writeFileSync(path.join(out, 'session.json'), `${JSON.stringify(session, null, 2)}\n`);
    const bytes = readdirSync(out).reduce((sum, name) => sum + statSync(path.join(out, name)).size, 0);
    say(`${scenario.name}: ${(durationMs / 1000).toFixed(1)} s, ${(bytes / 1024).toFixed(0)} kB, ${events.length} events`);
    if (bytes > most) throw new Stop(`${scenario.name} is larger than 3 MB.`);
  } finally {
    for (const child of started.reverse()) child.kill('SIGTERM');
    rmSync(work, { recursive: true, force: true });
  }
}

/** A terminal whose shell sees folders of its own in place of the machine's: nothing of this machine can be read in the picture. */
function openTerminal({ prompt, files, own, prepare }, work, env, launch) {
  for (const folder of own) mkdirSync(path.join(work, 'own', folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(work, 'own', name)), { recursive: true });
    writeFileSync(path.join(work, 'own', name), text);
  }
  const host = /@([\w-]+)/.exec(prompt)?.[1] ?? 'host';
  const script = [
    `hostname ${host}`,
    ...own.map((folder) => `mkdir -p ${folder} && mount --bind ${work}/own${folder} ${folder}`),
    'mkdir -p /var/log/nginx 2>/dev/null',
    'cd /root',
    ...(prepare ? [prepare] : []),
    `exec env -i HOME=/root TERM=xterm-256color LANG=C.UTF-8 TZ=UTC PATH=/usr/sbin:/usr/bin:/sbin:/bin PS1='${prompt}' HISTFILE= bash --noprofile --norc -i`,
  ].join('\n');
  writeFileSync(path.join(work, 'shell.sh'), script);
  launch(
    'xterm',
    [
      '-fa',
      'DejaVu Sans Mono',
      '-fs',
      '13',
      '-geometry',
      '116x34+0+0',
      '-b',
      '14',
      '+sb',
      '-bg',
      '#0b0f14',
      '-fg',
      '#d5dbe5',
      '-cr',
      '#8fe3c8',
      '-T',
      host,
      '-e',
      'unshare',
      '-mu',
      'bash',
      path.join(work, 'shell.sh'),
    ],
    { env },
  );
}

/** A desktop of an ordinary user whose home lies over the machine's own. */
async function openDesktop({ files }, work, env, launch) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(work, 'home/akim', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  run('chown', ['-R', `${nobody}:${nobody}`, work]);
  launch('hsetroot', ['-add', '#1d3557', '-add', '#274c77', '-gradient', '25'], { env });
  launch('openbox', [], { env });
  await sleep(1);
}

/** Starts recording. Resolves when the first frame is there, with its time by the clock. */
async function film(form, out, env, launch) {
  const seconds = form === 'ts' ? 2 : 4;
  const segments =
    form === 'ts'
      ? ['-hls_segment_type', 'mpegts', '-hls_segment_filename', path.join(out, 'segment-%03d.ts')]
      : [
          '-hls_segment_type',
          'fmp4',
          '-hls_fmp4_init_filename',
          'init.mp4',
          '-hls_segment_filename',
          path.join(out, 'segment-%03d.m4s'),
        ];
  const camera = launch('ffmpeg', [
    '-nostdin',
    '-y',
    '-loglevel',
    'info',
    '-f',
    'x11grab',
    '-draw_mouse',
    '0',
    '-framerate',
    String(fps),
    '-video_size',
    `${width}x${height}`,
    '-i',
    env.DISPLAY,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-tune',
    'stillimage',
    '-crf',
    '26',
    '-pix_fmt',
    'yuv420p',
    '-g',
    String(fps * seconds),
    '-keyint_min',
    String(fps * seconds),
    '-sc_threshold',
    '0',
    '-f',
    'hls',
    '-hls_time',
    String(seconds),
    '-hls_playlist_type',
    'vod',
    '-hls_list_size',
    '0',
    ...segments,
    path.join(out, 'index.m3u8'),
  ]);
  for await (const line of createInterface({ input: camera.stderr })) {
    const [, start] = /Duration: N\/A, start: ([\d.]+)/.exec(line) ?? [];
    if (!start) continue;
    camera.stderr.resume();
    return { camera, firstFrameMs: Number(start) * 1000 };
  }
  throw new Stop('ffmpeg ended before its first frame.');
}

/** Does what the scenario says, and writes down when. */
async function act(scenario, env, firstFrameMs, work, launch) {
  const events = [{ atMs: 0, type: 'session', text: `${scenario.session.user} from ${scenario.session.originIp}` }];
  const add = (event) => events.push({ atMs: Math.max(0, Math.round(Date.now() - firstFrameMs)), ...event });
  const xdotool = (...args) => run('xdotool', args, { env });
  const typeText = async (text) => {
    for (const [index, letter] of [...text].entries()) {
      if (letter === '\n') xdotool('key', 'Return');
      else xdotool('type', '--delay', '0', '--', letter);
      // Human hands: mostly quick, now and then a breath. The same for the same text.
      await sleep(0.035 + ((index * 7919 + text.length * 104729) % 60) / 1000 + (index % 17 === 16 ? 0.18 : 0));
    }
  };
  for (const step of scenario.steps) {
    if (step.pause) await sleep(step.pause);
    if (step.command) {
      await typeText(step.command);
      await sleep(0.25);
      add({ type: 'command', text: step.command });
      if (step.alert) add({ type: 'alert', ...step.alert });
      xdotool('key', 'Return');
    }
    if (step.open) {
      const [program, file] = step.open;
      launch('unshare', ['-m', 'sh', '-c', asUser, work, program, ...(file ? [`/home/akim/${file}`] : [])], {
        env: { ...env, HOME: '/home/akim', XDG_CONFIG_HOME: '/home/akim/.config' },
      });
      const id = await windowNamed(xdotool, step.window);
      const [x, y, w, h] = step.place;
      if (program === 'mousepad') xdotool('windowsize', id, String(w), String(h));
      xdotool('windowmove', id, String(x), String(y), 'windowactivate', '--sync', id);
      add({ type: 'window', text: step.window });
    }
    if (step.keys) xdotool('key', step.keys);
    if (step.text) await typeText(step.text);
    if (step.alert && !step.command) add({ type: 'alert', ...step.alert });
    if (step.file) add({ type: 'file', text: step.file });
    await sleep(step.seconds ?? 0.3);
  }
  return events;
}

async function windowNamed(xdotool, name) {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      const ids = xdotool('search', '--onlyvisible', '--name', name).trim().split('\n');
      if (ids[0]) return ids.at(-1);
    } catch {
      // Not there yet.
    }
    await sleep(0.1);
  }
  throw new Stop(`The window ${name} did not appear.`);
}
