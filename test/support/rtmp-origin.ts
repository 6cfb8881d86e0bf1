import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LiveEncoder, startLiveEncoder } from './live-encoder.ts';
import { type Running, start, until } from './processes.ts';

export type RtmpOrigin = {
  /** The folder of the HLS over HTTP, as a media source names it. */
  url: string;
  playlist: string;
  encoder: LiveEncoder;
  /** Stops the server where it is, and lets it go on. */
  freeze(): void;
  thaw(): void;
  /** Ends the encoder and begins a new one: the server counts its segments from 0 again. */
  restartEncoder(): Promise<void>;
  stop(): Promise<void>;
};

/** nginx with its RTMP module, fed by ffmpeg: plain HLS with segments of a second, 20 s of them, without ENDLIST or wall-clock times;
 * if wished, encrypted with AES-128, a new key every five. */
export async function startRtmpOrigin(options: { encrypted?: boolean } = {}): Promise<RtmpOrigin> {
  const folder = await mkdtemp(path.join(tmpdir(), 'oversight-rtmp-'));
  await Promise.all(['hls', 'temp', 'logs'].map((name) => mkdir(path.join(folder, name))));
  const [rtmpPort, httpPort] = await Promise.all([freePort(), freePort()]);
  await writeFile(path.join(folder, 'nginx.conf'), configuration(folder, rtmpPort, httpPort, options.encrypted ?? false));
  const server: Running = start('/usr/sbin/nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf'), '-e', 'stderr']);
  const url = `http://127.0.0.1:${httpPort}/hls/`;
  await until('nginx to answer', () => fetch(url).then(Boolean, () => null));
  const encode = () => startLiveEncoder(['-f', 'flv', `rtmp://127.0.0.1:${rtmpPort}/live/camera`]);
  let encoder = encode();
  const ready = async () => {
    const playlist = await fetch(`${url}camera.m3u8`).then((answer) => (answer.ok ? answer.text() : ''));
    return playlist.split('#EXTINF').length > 3;
  };
  await until('a stream', ready);
  return {
    url,
    playlist: 'camera.m3u8',
    get encoder() {
      return encoder;
    },
    freeze: () => void server.child.kill('SIGSTOP'),
    thaw: () => void server.child.kill('SIGCONT'),
    async restartEncoder() {
      await encoder.stop();
      encoder = encode();
    },
    async stop() {
      await encoder.stop();
      server.child.kill('SIGCONT');
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, rtmpPort: number, httpPort: number, encrypted: boolean): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/temp/${name};`);
  return `
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
rtmp {
  server {
    listen 127.0.0.1:${rtmpPort};
    application live {
      live on;
      hls on;
      hls_path ${folder}/hls;
      hls_fragment 1s;
      hls_playlist_length 20s;
      ${encrypted ? `hls_keys on; hls_key_path ${folder}/hls; hls_fragments_per_key 5;` : ''}
    }
  }
}
http {
  access_log off;
  ${temp.join('\n  ')}
  server {
    listen 127.0.0.1:${httpPort};
    root ${folder};
    location /hls/ {
      add_header Cache-Control no-cache;
      add_header Access-Control-Allow-Origin *;
    }
  }
}
`;
}

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
