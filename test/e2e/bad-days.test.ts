import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type App, launchApp, signIn } from '../support/app.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { approve, ask, chooseReason, openVideo, untilItPlays } from '../support/main-job.ts';
import { until } from '../support/processes.ts';

/** Bad input and bad days: each gets a sentence that says what happened and what to do; none a stack, a blank window or a silent loop. */
describe('on the sign-in form', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let app: App;
  const servers: Server[] = [];

  beforeAll(async () => {
    desktop = await startDesktop();
    gateway = await startGateway();
    app = await launchApp(desktop, { userData: 'form', gateway: gateway.url });
  });
  afterAll(async () => {
    await app?.close();
    for (const server of servers) server.close();
    await gateway?.remove();
    await desktop?.stop();
  });

  const listen = async (server: Server) => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const answering = (body: object | string) =>
    listen(
      createHttpServer(
        (_request, response) =>
          void response
            .writeHead(200, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' })
            .end(typeof body === 'string' ? body : JSON.stringify(body)),
      ),
    );
  const about = (major: number, minor: number) => ({
    product: 'oversight-gateway',
    name: 'x',
    contract: { major, minor },
    time: new Date().toISOString(),
    zoneMinutes: 0,
  });

  async function problem(address: string, password = 'demo-oversight', userName = 'marta.reis'): Promise<string> {
    const { window } = app;
    await window.getByRole('textbox', { name: 'Gateway' }).fill(address);
    await window.getByRole('textbox', { name: 'User name' }).fill(userName);
    await window.getByRole('textbox', { name: 'Password' }).fill(password);
    await window.getByRole('button', { name: 'Sign in' }).click();
    // What was typed stays.
    await until('the form to be ready again', () => window.getByRole('button', { name: 'Sign in' }).isEnabled());
    // biome-ignore lint/performance/useDomNodeTextContent: what people read
    const text = await window.getByRole('alert').innerText();
    expect(await window.getByRole('textbox', { name: 'User name' }).inputValue()).toBe(userName);
    expect(text).not.toMatch(/at .*\.(js|ts):\d+|Error:|undefined|\{\{/);
    return text;
  }

  it('wrong password, then a locked account', async () => {
    expect(await problem(gateway.url, 'wrong')).toContain('is wrong');
    for (let tries = 0; tries < 4; tries += 1) await problem(gateway.url, 'wrong');
    expect(await problem(gateway.url)).toMatch(/locked until/);
  });

  it('nobody there, no such address, plain http elsewhere', async () => {
    expect(await problem('http://127.0.0.1:9')).toContain('cannot be reached');
    expect(await problem('not an address at all')).toContain('not an address');
    expect(await problem('http://pam.example.com')).toContain('without encryption');
  });

  it('something else answers there, or an older or newer gateway', async () => {
    expect(await problem(`http://127.0.0.1:${await answering('<html>hello</html>')}`)).toContain('not an Oversight gateway');
    expect(await problem(`http://127.0.0.1:${await answering({ product: 'something-else' })}`)).toContain(
      'not an Oversight gateway',
    );
    expect(await problem(`http://127.0.0.1:${await answering(about(0, 9))}`)).toContain('too old');
    expect(await problem(`http://127.0.0.1:${await answering(about(2, 0))}`)).toContain('too new');
  });

  it('an answer that is far too large', async () => {
    const port = await listen(
      createHttpServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        for (let part = 0; part < 10; part += 1) response.write(`${' '.repeat(1024 * 1024)}`);
        response.end('{}');
      }),
    );
    expect(await problem(`http://127.0.0.1:${port}`)).toContain('too large');
  });

  it('an untrusted certificate: its fingerprint is shown, and there is no way past it', async () => {
    const folder = await desktop.newFolder('certificate');
    const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        key,
        '-out',
        certificate,
        '-days',
        '2',
        '-subj',
        '/CN=127.0.0.1',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      ],
      { stdio: 'ignore' },
    );
    const server = createHttpsServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (_request, response) => void response.end('{}'),
    );
    const port = await listen(server as unknown as Server);
    const text = await problem(`https://127.0.0.1:${port}`);
    expect(text).toContain('not trusted');
    const fingerprint =
      execFileSync('openssl', ['x509', '-in', certificate, '-noout', '-fingerprint', '-sha256'], { encoding: 'utf8' })
        .split('=')[1]
        ?.trim()
        .replaceAll(':', '') ?? '';
    const shown = Buffer.from(/sha256\/([A-Za-z0-9+/=]+)/.exec(text)?.[1] ?? '', 'base64')
      .toString('hex')
      .toUpperCase();
    expect([shown, text.replaceAll(/[:\s]/g, '').toUpperCase()].some((one) => one.includes(fingerprint))).toBe(true);
  });
});

describe('signed in', () => {
  let desktop: Desktop;
  let gateway: TestGateway;
  let proxy: FaultProxy;
  let app: App;

  beforeAll(async () => {
    desktop = await startDesktop();
    gateway = await startGateway();
    proxy = await startFaultProxy(gateway.url);
    app = await launchApp(desktop, { userData: 'signed-in', gateway: proxy.url });
    await signIn(app, 'marta.reis');
    await app.window.getByRole('button', { name: 'Actions for session 4f1aa' }).waitFor();
  });
  afterEach(() => proxy?.heal());
  afterAll(async () => {
    await app?.close();
    await proxy?.stop();
    await gateway?.remove();
    await desktop?.stop();
  });

  it('a token that has expired in the middle is renewed without a word', async () => {
    proxy.faultOnce(/sessions\/search/, {
      kind: 'status',
      status: 401,
      body: JSON.stringify({ defined: true, code: 'TOKEN_EXPIRED', status: 401, message: '', data: {} }),
    });
    const before = proxy.passed.filter(({ path: one }) => one === '/v1/refresh').length;
    await app.window.getByRole('searchbox').fill('4f1d0');
    await app.window.getByRole('button', { name: 'Actions for session 4f1d0' }).waitFor();
    await until('the renewal', () => proxy.passed.filter(({ path: one }) => one === '/v1/refresh').length === before + 1);
    await app.window.getByText('1 session', { exact: true }).waitFor();
    await app.window.getByRole('searchbox').fill('');
  });

  it('a busy or failing gateway is asked again; one that stays so is said', async () => {
    proxy.faultOnce(/sessions\/search/, { kind: 'status', status: 503 });
    proxy.faultOnce(/sessions\/search/, {
      kind: 'status',
      status: 429,
      body: JSON.stringify({ defined: true, code: 'RATE_LIMITED', status: 429, message: '', data: { retryAfterMs: 50 } }),
    });
    await app.window.getByRole('searchbox').fill('4f133');
    await app.window.getByRole('button', { name: 'Actions for session 4f133' }).waitFor();
    proxy.fault(/sessions\/search/, { kind: 'garbage' });
    await app.window.getByRole('searchbox').fill('web-07');
    await app.window
      .getByText(/could not be understood|not an Oversight gateway|archive/)
      .first()
      .waitFor();
    proxy.heal();
    await app.window.getByRole('searchbox').fill('');
    await app.window.getByRole('button', { name: 'Actions for session 4f1aa' }).waitFor();
  });

  it('the gateway stops while the form is open: nothing typed is lost, also not over a restart; then it is sent', async () => {
    const { window } = app;
    const words = 'Typed just before the gateway went away, and worth keeping';
    await window.getByRole('button', { name: 'Actions for session 4f1aa' }).click();
    await window.getByRole('menuitem', { name: /^Session video/ }).click();
    let dialog = window.getByRole('dialog', { name: 'Justification' });
    await dialog.getByRole('textbox', { name: 'Justification' }).fill(words);
    await chooseReason(window);
    // In the moment of saving, before anybody knows that the line is down.
    proxy.fault(/\/v1\/requests$/, { kind: 'refuse' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog
      .getByText(/cannot be reached/)
      .first()
      .waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Justification' }).inputValue()).toBe(words);
    // Then it is known, and the form says what it can still do.
    await gateway.kill9();
    await dialog.getByRole('button', { name: 'Keep to send later' }).waitFor();
    await dialog.getByText(/nothing can be sent now/).waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Justification' }).inputValue()).toBe(words);
    proxy.heal();

    await app.close();
    app = await launchApp(desktop, { userData: 'signed-in', gateway: proxy.url });
    // Offline: the lists are those of the archive, and a banner says so.
    await app.window
      .getByText(/you see what this computer’s archive holds/)
      .first()
      .waitFor();
    await app.window.getByRole('button', { name: 'Actions for session 4f1aa' }).waitFor();
    await gateway.restart();
    await app.window.getByRole('button', { name: 'Try now' }).click();
    await app.window.getByText('Connected').waitFor();
    await app.window.getByRole('button', { name: 'Actions for session 4f1aa' }).click();
    await app.window.getByRole('menuitem', { name: /^Session video/ }).click();
    dialog = app.window.getByRole('dialog', { name: 'Justification' });
    await until('the draft', async () => (await dialog.getByRole('textbox', { name: 'Justification' }).inputValue()) === words);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await app.window
      .getByText(/sent to Infrastructure approvers/i)
      .first()
      .waitFor();
    await app.window.getByRole('link', { name: 'My requests' }).click();
    await app.window.getByText(words).first().waitFor();
    const sent = proxy.passed.filter(
      ({ method, path: one, status }) => method === 'POST' && one === '/v1/requests' && status >= 200 && status < 300,
    );
    expect(sent, 'it is sent once').toHaveLength(1);
    await app.window.getByRole('link', { name: 'Remote Sessions' }).click();
  });

  it('a missing segment is skipped and said; a playlist that points elsewhere ends the viewing', async () => {
    const approver = await launchApp(desktop, { userData: 'approver', gateway: gateway.url });
    await signIn(approver, 'paulo.nunes');
    await approve(approver, 'Go ahead');
    await app.window.getByRole('searchbox').fill('4f1aa');
    proxy.fault(/segment-001\.m4s/, { kind: 'status', status: 404, body: JSON.stringify({ code: 'MEDIA_MISSING', data: {} }) });
    const player = await openVideo(app, '4f1aa');
    await player
      .getByText(/missing/)
      .first()
      .waitFor({ timeout: 60_000 });
    await untilItPlays(player, 1);
    await player.getByRole('button', { name: 'Remote Sessions' }).click();
    await app.window.getByRole('searchbox').waitFor();

    proxy.heal();
    proxy.fault(/index\.m3u8/, {
      kind: 'replace',
      body: '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://elsewhere.example/segment.ts\n',
    });
    await app.window.getByRole('button', { name: 'Actions for session 4f1aa' }).click();
    await app.window.getByRole('menuitem', { name: /^Session video/ }).click();
    const distrusted = await app.player();
    await distrusted
      .getByText(/points elsewhere/)
      .first()
      .waitFor();
    proxy.heal();
    await approver.close();
  });

  it('signing out removes what was kept, and ends the sign-in at the gateway', async () => {
    const { window } = app;
    await window.getByRole('button', { name: /Marta Reis/ }).click();
    await window.getByRole('menuitem', { name: 'Sign out' }).click();
    await window.getByRole('button', { name: 'Sign in' }).waitFor();
    await until('the archive to be gone', () => readdirSync(path.join(app.userData, 'archive')).length === 0);
    await app.close();
    app = await launchApp(desktop, { userData: 'signed-in', gateway: proxy.url });
    await app.window.getByRole('textbox', { name: 'Password' }).waitFor();
  });
});

describe('without a system keychain', () => {
  it('it is said, nothing is remembered, and one can work', async () => {
    const desktop = await startDesktop({ keyring: false });
    const gateway = await startGateway();
    try {
      let app = await launchApp(desktop, { userData: 'no-keychain', gateway: gateway.url });
      await app.window.getByText(/sign in each time/).waitFor();
      expect(await app.window.getByRole('checkbox', { name: 'Stay signed in on this computer' }).isDisabled()).toBe(true);
      await signIn(app, 'marta.reis');
      await ask(app, '4f1aa', 'Working without a keychain');
      expect(readdirSync(app.userData).includes('archive') ? readdirSync(path.join(app.userData, 'archive')) : []).toEqual([]);
      await app.close();
      app = await launchApp(desktop, { userData: 'no-keychain', gateway: gateway.url });
      await app.window.getByRole('textbox', { name: 'Password' }).waitFor();
      await app.close();
    } finally {
      await gateway.remove();
      await desktop.stop();
    }
  });
});
