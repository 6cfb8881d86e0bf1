// The system packages that Electron, its keychain, its notifications and the tests need on Debian and its relatives.
import { existsSync, readdirSync } from 'node:fs';
import { isRoot, run, Stop, say } from './steps.mjs';

/** A display, a keyring and notifications of our own: what the tests and the tour run the app on. */
const desktopPrograms = {
  Xvfb: 'xvfb',
  xauth: 'xauth',
  'dbus-daemon': 'dbus',
  'gnome-keyring-daemon': 'gnome-keyring',
  dunst: 'dunst',
  // What dunst's own command line speaks to it with.
  busctl: 'systemd',
  gdbus: 'libglib2.0-bin',
  'dbus-monitor': 'dbus-bin',
  // A real panel with a tray.
  'xfce4-panel': 'xfce4-panel',
  openssl: 'openssl',
  // A clock that is not this machine's.
  faketime: 'faketime',
  setpriv: 'util-linux',
  ffmpeg: 'ffmpeg',
  nginx: 'nginx-light',
  // Read reports back, and say whether they are sound.
  pdftotext: 'poppler-utils',
  qpdf: 'qpdf',
  // What exports are measured against.
  sqlite3: 'sqlite3',
};
/** A live server that nobody here wrote: nginx takes RTMP and serves HLS. */
const desktopFiles = { '/usr/lib/nginx/modules/ngx_rtmp_module.so': 'libnginx-mod-rtmp' };
const programs = { unzip: 'unzip', make: 'make', 'g++': 'g++', python3: 'python3' };
const libraries = {
  'libnss3.so': 'libnss3',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libgbm.so.1': 'libgbm1',
  'libasound.so.2': 'libasound2',
  'libXss.so.1': 'libxss1',
  'libnotify.so.4': 'libnotify4',
  'libsecret-1.so.0': 'libsecret-1-0',
};
const fonts = { '/usr/share/fonts/truetype/dejavu': 'fonts-dejavu' };

const missingIn = (wanted, there) =>
  Object.entries(wanted)
    .filter(([name]) => !there(name))
    .map(([, packageName]) => packageName);

// Servers lie where an ordinary user's path does not lead.
const onPath = (name) => [...(process.env.PATH ?? '').split(':'), '/usr/sbin'].some((folder) => existsSync(`${folder}/${name}`));

function libraryThere() {
  const folders = [
    '/lib',
    '/usr/lib',
    '/usr/lib64',
    ...['/lib', '/usr/lib'].flatMap((base) =>
      existsSync(base)
        ? readdirSync(base)
            .filter((name) => name.endsWith('-linux-gnu'))
            .map((name) => `${base}/${name}`)
        : [],
    ),
  ];
  return (name) => folders.some((folder) => existsSync(`${folder}/${name}`));
}

/** The packages that are not there. Empty on systems that are not Linux: nothing is needed. */
function missingPackages(desktop) {
  if (process.platform !== 'linux') return [];
  const wanted = desktop ? { ...programs, ...desktopPrograms } : programs;
  const files = desktop ? { ...fonts, ...desktopFiles } : fonts;
  return [...new Set([...missingIn(wanted, onPath), ...missingIn(libraries, libraryThere()), ...missingIn(files, existsSync)])];
}

/** Installs what is missing where that is possible; else says the exact line and stops. */
export function ensureSystemPackages({ desktop }) {
  const missing = missingPackages(desktop);
  if (missing.length === 0) return;
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!isRoot || !onPath('apt-get')) {
    throw new Stop(`Some system packages are missing. Please run this and start again:\n\n    ${isRoot ? '' : 'sudo '}${line}\n`);
  }
  say(`• Installing system packages: ${missing.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], { env });
  run('apt-get', line.split(' ').slice(1), { env });
  const still = missingPackages(desktop);
  if (still.length > 0)
    throw new Stop(`These packages were installed but what they bring is still not found: ${still.join(' ')}`);
}
