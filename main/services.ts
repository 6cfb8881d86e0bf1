import { app, type BrowserWindow, session, utilityProcess } from 'electron';
import type { EventPayload } from '../contract/events.ts';
import { fail } from '../contract/failure.ts';
import type { ServerEvent } from '../contract/gateway.ts';
import { User } from '../contract/identity.ts';
import { toInstant } from '../contract/time.ts';
import { createArchive, openArchive } from './archive/archive.ts';
import type { ArchiveNotice } from './archive/calls.ts';
import { createExporter } from './export/exporter.ts';
import { createExports } from './export/exports.ts';
import { createGateway, type Gateway } from './gateway/client.ts';
import { createClock } from './gateway/clock.ts';
import { createConnection } from './gateway/connection.ts';
import type { CertificateNotes, Fetch } from './gateway/transport.ts';
import type { Services } from './handlers.ts';
import { createRecord } from './history/record.ts';
import { createHistory } from './history/service.ts';
import { createAccount } from './identity/account.ts';
import { createKeychain } from './identity/keychain.ts';
import { createRemembered } from './identity/remembered.ts';
import { createWipes } from './identity/wipes.ts';
import type { Bridges } from './ipc.ts';
import type { Log } from './log.ts';
import { createDecisionWindows } from './requests/decision-windows.ts';
import { createDrafts } from './requests/drafts.ts';
import { createRequests } from './requests/service.ts';
import { createStepUp } from './requests/step-up.ts';
import { createReviews } from './reviews/service.ts';
import { createSessions, type Publish } from './sessions/service.ts';
import { languageOf } from './settings/language.ts';
import type { SettingsStore } from './settings/store.ts';
import { builtFile } from './shell/paths.ts';
import { createPresence } from './shell/presence.ts';
import { saveDialog } from './shell/save-dialog.ts';
import { createKeptReceipts } from './viewing/kept-receipts.ts';
import { createPositions } from './viewing/positions.ts';
import { createReceiptKey, type ReceiptKey } from './viewing/receipt-key.ts';
import { createReceiptLog } from './viewing/receipt-log.ts';
import { sendWaiting } from './viewing/receipts.ts';
import { createScreenLock } from './viewing/screen-lock.ts';
import { savePicture } from './viewing/snapshot.ts';
import { openPlayerView } from './viewing/view.ts';
import { createViewings } from './viewing/viewings.ts';
import { drawWatermark } from './viewing/watermark.ts';

/** Everything behind the window, made from its parts in order. Answers with the services and the way to stop them. */
export function createServices(options: {
  userData: string;
  suggestedGateway: string;
  window: () => BrowserWindow;
  bridges: Bridges;
  settings: SettingsStore;
  log: Log;
}) {
  const { userData, window, bridges, settings, log } = options;
  let gateway: Gateway | null = null;
  let user: User | null = null;
  /** The account whose archive is open. */
  let accountId = '';
  let receiptKey: ReceiptKey | null = null;
  const currentGateway = () => gateway ?? fail('SIGNED_OUT');

  const { fetch, certificates } = gatewayNetwork();
  const clock = createClock();
  const connection = createConnection(
    clock,
    (state) => {
      bridges.publish('connection', state);
      if (state.state !== 'online') return;
      presence.recheck();
      void receiptKey?.check();
      if (gateway) void sendReceipts(gateway);
    },
    (failure) => void (failure.code === 'WIPE_ORDERED' ? account.wipeOrdered() : account.ended()),
  );
  const say = (notices: ArchiveNotice[]) => {
    for (const notice of notices) bridges.publish('storage-notice', { notice });
  };
  const archive = createArchive({
    userData,
    fork: () => utilityProcess.fork(builtFile('main', 'archive-process.js'), [], { serviceName: 'archive' }),
    report: log.unforeseen,
    lost(notices) {
      say(notices);
      void record.sync.pull().catch((error) => log.unforeseen(error, 'history.sync'));
    },
  });
  const chooseFile = saveDialog(window);
  const exports = createExports({
    gateway: currentGateway,
    line: () => connection.get().state,
    archive,
    clock,
    policy: () => requests.policy(),
  });
  /** What an outage left unrecorded, and an end of the app half written. */
  const sendExports = () => void exports.sendWaiting().catch((error) => log.unforeseen(error, 'exports.waiting'));
  const tell: Publish = (name, payload) => {
    bridges.publish(name, payload);
    if (name === 'requests') presence.heard(payload as EventPayload<'requests'>);
  };
  const record = createRecord({
    gateway: currentGateway,
    archive,
    clock,
    wantedDays: () => settings.get().retentionDays,
    sealKey: async (anew) => (await receiptKey?.get(anew)) ?? null,
    publish: tell,
    report: log.unforeseen,
  });
  const sessions = createSessions({
    gateway: currentGateway,
    line: () => connection.get().state,
    archive,
    keeping: record.keeping,
    clock,
    publish: bridges.publish,
    chooseFile,
    exports,
  });
  const drafts = createDrafts({ gateway: currentGateway, archive, clock, publish: bridges.publish });
  const requests = createRequests({
    gateway: currentGateway,
    archive,
    drafts,
    clock,
    personId: () => user?.id ?? '',
    ...record,
    publish: tell,
    proof: () => stepUp.proof(),
  });
  const history = createHistory({
    gateway: currentGateway,
    archive,
    clock,
    publish: bridges.publish,
    ...record,
    exports,
    exporter: createExporter({
      fork: () => utilityProcess.fork(builtFile('main', 'export-process.js'), [], { serviceName: 'export' }),
      report: log.unforeseen,
    }),
    async reportFacts() {
      const [signedIn, line] = [account.get(), connection.get()];
      const person = user ?? fail('SIGNED_OUT');
      return {
        language: languageOf(settings.get(), app.getLocale()),
        at: toInstant(clock.now()),
        gatewayZoneMinutes: 'gatewayZoneMinutes' in line ? line.gatewayZoneMinutes : 0,
        gateway: signedIn.state === 'signed-in' ? signedIn.gatewayName : '',
        person,
        version: app.getVersion(),
      };
    },
    chooseFile,
    fonts: builtFile('main', 'fonts'),
  });
  const stepUp = createStepUp(currentGateway, clock);
  const reviews = createReviews({
    gateway: currentGateway,
    archive,
    tell(sessionId) {
      const viewing = viewings.list().find((one) => one.sessionId === sessionId);
      // The window always hears it; of the players only the one that shows this session.
      bridges.publish('review', { sessionId }, sessionId === null ? undefined : (viewing?.viewingId ?? 'none'));
    },
  });
  const decisions = createDecisionWindows({
    bridges,
    showRequest: (requestId) => presence.links.follow({ go: 'approvals', requestId }),
  });
  const presence = createPresence({
    window,
    personId: () => user?.id ?? null,
    clock,
    settings,
    requests,
    decisions,
    archive,
    bridges,
    log,
  });
  const receiptLog = createReceiptLog(archive);
  const signer = () => receiptKey?.signs ?? fail('SIGNED_OUT');
  /** What an outage, or an end of the app, left behind. */
  const sendReceipts = async (to: Gateway) => {
    takenBack ??= keptReceipts.takeBack(accountId).catch((error) => void log.unforeseen(error, 'receipts.take-back'));
    await takenBack;
    sendExports();
    await sendWaiting({
      send: (id, entries) => to.calls.viewings.receipts({ id, entries }),
      log: receiptLog,
      isSigned: signer(),
      isRunning: (id) => viewings.list().some(({ viewingId, end }) => viewingId === id && !end),
      contradicted: () => bridges.publish('receipts-contradicted', { sessionId: null }),
    }).catch((error) => log.unforeseen(error, 'receipts.waiting'));
  };
  const viewings = createViewings({
    gateway: currentGateway,
    clock,
    viewer: () => user?.userName ?? '',
    openView: (viewing, reports) => openPlayerView(window(), viewing, reports, { bridges, userData }),
    positions: createPositions(archive),
    receiptLog,
    signer,
    report: log.unforeseen,
    savePicture: (file, picture, facts, at) => savePicture(file, picture, facts, at, drawWatermark),
    showMain: () => presence.links.open(null),
    lead: (intent) => presence.links.follow(intent),
    publish(name, payload, viewingId) {
      bridges.publish(name, payload, viewingId);
      if (name === 'viewings') screenLock.listen(viewings.list().some(({ end }) => !end));
    },
  });
  /** The key under the checkpoints of an account's gateway. */
  const keyOf = (of: Gateway, id: string) =>
    createReceiptKey({
      said: of.receiptKey,
      ask: of.about,
      remembered: {
        get: async () => (await remembered.list()).find((one) => one.id === id)?.receiptKey ?? null,
        keep: (key) => remembered.keepReceiptKey(id, key),
      },
      changed: () => bridges.publish('receipt-key-changed', {}),
      report: log.unforeseen,
    });
  const screenLock = createScreenLock(() => settings.get().endOnLock && viewings.lock());
  const keychain = createKeychain();
  const remembered = createRemembered(userData);
  const keptReceipts = createKeptReceipts(archive, keychain);
  /** Once for each time that somebody signs in. */
  let takenBack: Promise<void> | null = null;
  const account = createAccount({
    keychain,
    remembered,
    unsentMs: keptReceipts.unsentMs,
    wipes: createWipes({
      userData,
      keychain,
      remembered,
      setAside: keptReceipts.setAside,
      removeFiles: (id, why) => archive.wipe(id, { keepReceipts: why === 'signed-out' }),
      report: log.unforeseen,
    }),
    suggestedGateway: options.suggestedGateway,
    report: log.unforeseen,
    effects: {
      expected: () => archive.warm(),
      connect: (address, credentials) => createGateway({ address, fetch, certificates, credentials, clock }),
      async opened(id, key) {
        accountId = id;
        takenBack = null;
        say(await openArchive(archive, id, key));
        const known = User.safeParse(JSON.parse((await archive.call('meta.get', { name: 'user' })).value ?? 'null'));
        return known.success ? known.data : null;
      },
      async signedIn(next, signedInUser) {
        gateway = next;
        user = signedInUser;
        receiptKey = keyOf(next, accountId);
        await archive.call('meta.put', { name: 'user', value: JSON.stringify(signedInUser) });
        connection.start(next, (event) => {
          // A viewing that has to end waits for nothing else.
          viewings.heard(event);
          sessions.heard(event);
          reviews.heard(event);
          void hear(event).catch((error) => log.unforeseen(error, `event ${event.type}`));
          if (event.type === 'wipe') void account.wipeOrdered().catch((error) => log.unforeseen(error, 'event wipe'));
          if (event.type !== 'user') return;
          user = event.user;
          void account.userChanged(event.user).catch((error) => log.unforeseen(error, 'event user'));
        });
        record.retention.begin();
        presence.begin();
        sendExports();
      },
      async closed() {
        history.cancelExport();
        connection.stop();
        record.sync.stop();
        record.check.stop();
        record.retention.stop();
        presence.end();
        stepUp.forget();
        decisions.closeAll();
        await viewings.closeAll('signed-out');
        gateway = null;
        user = null;
        receiptKey = null;
        await archive.close();
      },
      publish: (state) => bridges.publish('account', state),
    },
  });

  /** What an event says is taken in first; then the rest of what has changed is read. */
  async function hear(event: ServerEvent): Promise<void> {
    try {
      await requests.heard(event);
    } finally {
      await record.sync.heard(event);
    }
  }

  const services: Services = {
    account,
    connection,
    sessions,
    requests,
    drafts,
    history,
    reviews,
    viewings,
    settings,
    stepUp,
    decisions,
    presence,
    screenLock,
  };
  return {
    services,
    async stop() {
      history.cancelExport();
      connection.stop();
      presence.stop();
      await viewings.closeAll('closed');
      screenLock.listen(false);
      await archive.stop();
      // Node would wait without end for a call that never comes back; everything is on the disk by now.
      if (!(await keychain.settled())) process.kill(process.pid, 'SIGKILL');
    },
  };
}

/** The network as the gateway client sees it: a session of its own, with the system's proxy and certificates, without cookies or cache. */
function gatewayNetwork(): { fetch: Fetch; certificates: CertificateNotes } {
  const partition = session.fromPartition('gateway', { cache: false });
  const seen = new Map<string, { fingerprint: string; issuer: string; why: string }>();
  partition.setCertificateVerifyProc(({ hostname, certificate, verificationResult }, answer) => {
    if (verificationResult !== 'net::OK')
      seen.set(hostname, { fingerprint: certificate.fingerprint, issuer: certificate.issuerName, why: verificationResult });
    // −3: Chromium's own verdict counts, which knows the system's certificates.
    answer(-3);
  });
  return {
    fetch: (url, init) => partition.fetch(url, init),
    certificates: (host) => seen.get(host.replace(/:\d+$/, '')) ?? null,
  };
}
