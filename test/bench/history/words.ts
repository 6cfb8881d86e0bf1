import type { ViewingRecord } from '../../../contract/history.ts';
import type { AccessRequest, RequestState } from '../../../contract/request.ts';
import type { Session } from '../../../contract/session.ts';
import { toInstant } from '../../../contract/time.ts';

/** The same numbers for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const first =
  'Ana Bruno Carla Diego Élida Fábio Gustavo Helena Ítalo João José Luís Márcia Núria Otávio Paulo Renata Sérgio Tânia Vera Wei Xiu 伟 芳 Jürgen Søren Zoë'.split(
    ' ',
  );
const last =
  'Almeida Ávila Barbosa Conceição Durão Esteves Falcão Gonçalves Hernández Ibáñez Jardim Koç Leitão Magalhães Nunes Ōta Peña Quadros Reis Simões Tavares Urbano Viana 王 李 张 陈'.split(
    ' ',
  );
const verbs =
  'Review Verify Trace Confirm Investigate Reconstruct Verificar Revisar Apurar Confirmar Reconstituir Auditar 核查 复核 审计'.split(
    ' ',
  );
const things =
  'the failed deployment|changes to the payment batch|the privileged login at night|dropped rows in the ledger|the firewall rule|a restart nobody announced|o acesso fora de horário|alterações no lote de pagamentos|a falha crítica da produção|a exclusão de registros|permissões concedidas por engano|a reinicialização não anunciada|数据库 夜间 维护|支付 批次 的 变更|防火墙 规则 调整'.split(
    '|',
  );
const reasonsWhy =
  'as asked by internal audit|for the incident report|because the alert fired twice|before the external auditor arrives|following the change calendar|a pedido da auditoria interna|para o relatório do incidente|porque o alerta disparou duas vezes|antes da visita do auditor externo|conforme o calendário de mudanças|应 内部 审计 要求|用于 事件 报告'.split(
    '|',
  );
const comments =
  'Agreed.|Fine, but only this window.|Within the scope of the case.|Not without a ticket.|De acordo.|Somente nesta janela, por favor.|Sem chamado não é possível.|同意|请 补充 工单 编号'.split(
    '|',
  );
const reasons = ['Incident investigation', 'Change review', 'Auditoria periódica', 'Regulatory request', '合规 检查'];
const protocols = ['SSH', 'RDP', 'Database', 'HTTPS'] as const;
const groups = ['Approvers', 'Aprovadores da produção', 'Security office'];

const dayMs = 24 * 3_600_000;
/** The archive ends here. */
export const endMs = Date.UTC(2026, 10, 24, 18);
const reachMs = 3 * 365 * dayMs;

/** Text that nothing has but one of the oldest requests: by trigram, by two characters and by one. */
export const rare = { three: 'Xylophon', accents: 'Güçlü', chinese: '罕见的', two: 'q~', one: '§' } as const;

export function makeArchive(requests: number, sessions: number) {
  const random = randomOf(20_261_124);
  const of = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const people = Array.from({ length: 400 }, (_, number) => {
    const displayName = `${of(first)} ${of(last)}`;
    return { id: `p-${number}`, userName: `user${number}`, displayName };
  });
  const devices = Array.from(
    { length: 2_000 },
    (_, number) => `${of(['srv', 'db', 'fw', 'app', 'são-paulo', 'lisboa'])}-${of(['prod', 'stage', 'edge'])}-${number}`,
  );
  /** Working hours mostly, weekdays mostly. */
  const momentOf = (part: number) => {
    const at = endMs - reachMs * (1 - part);
    const day = Math.floor(at / dayMs) * dayMs;
    return Math.floor(random() < 0.9 ? day + 8 * 3_600_000 + random() * 10 * 3_600_000 : at);
  };

  function session(number: number): Session {
    const startedMs = endMs - reachMs + (reachMs * number) / sessions - 3_600_000;
    return {
      id: `S-${number.toString(16).padStart(6, '0')}`,
      user: of(people).displayName,
      credential: of(['root', 'oracle', 'administrator', 'svc-backup', 'postgres']),
      device: of(devices),
      protocol: of(protocols),
      startedAt: toInstant(Math.floor(startedMs)),
      durationMs: Math.floor(random() * 7_200_000),
      state: 'recorded',
      commandCount: Math.floor(random() * 300),
      alertCount: random() < 0.05 ? 1 : 0,
      originIp: `10.${number % 200}.${number % 17}.${number % 251}`,
      proxy: `proxy-${number % 4}`,
      reason: of(reasons),
      justification: `${of(verbs)} ${of(things)}`,
      audited: null,
      access: { recording: { state: 'ask', after: 'nothing' }, livestream: { state: 'unavailable', why: 'not-live' } },
    };
  }
  const allSessions: Session[] = Array.from({ length: sessions }, (_, number) => session(number));

  function request(number: number): AccessRequest {
    const about = allSessions[
      Math.min(sessions - 1, Math.floor((number / requests) * sessions * (0.9 + random() * 0.1)))
    ] as Session;
    const { id, user, credential, device, protocol, startedAt, durationMs, state, commandCount, alertCount } = about;
    const createdMs = momentOf(number / requests);
    const startMs = createdMs + Math.floor(random() * 7_200_000);
    const window = { start: toInstant(startMs), end: toInstant(startMs + 3_600_000 * (1 + Math.floor(random() * 4))) };
    const at = toInstant(createdMs + Math.floor(random() ** 3 * 14_400_000));
    const by = of(people);
    const comment = of(comments);
    const dice = random();
    const isNew = number > requests - 40;
    const became: RequestState = isNew
      ? { status: 'pending', level: 1 }
      : dice < 0.72
        ? { status: 'approved', at }
        : dice < 0.84
          ? { status: 'rejected', at, by, comment }
          : dice < 0.92
            ? { status: 'expired', at: toInstant(createdMs + 14_400_000) }
            : dice < 0.97
              ? { status: 'canceled', at }
              : { status: 'revoked', at, by, comment };
    const isDecided = became.status === 'approved' || became.status === 'rejected' || became.status === 'revoked';
    return {
      id: `${((number * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}-${number.toString(16).padStart(6, '0')}`,
      version: isDecided ? 2 : 1,
      kind: random() < 0.9 ? 'recording' : 'livestream',
      session: { id, user, credential, device, protocol, startedAt, durationMs, state, commandCount, alertCount },
      requester: of(people),
      justification: `${of(verbs)} ${of(things)} ${of(reasonsWhy)}; ${number === 1_000 ? Object.values(rare).join(' ') : `${of(things)}.`}`,
      reason: { id: 'r', label: of(reasons) },
      governanceCode: random() < 0.6 ? `CHG-${100_000 + Math.floor(random() * 900_000)}` : null,
      asked: window,
      window,
      createdAt: toInstant(createdMs),
      deadline: toInstant(createdMs + 14_400_000),
      levels: [{ level: 1, group: { id: 'g-1', name: of(groups) }, needed: 1 }],
      decisions: isDecided ? [{ by, level: 1, verdict: became.status === 'rejected' ? 'reject' : 'approve', comment, at }] : [],
      state: became,
      may: {
        decide: isNew ? { allowed: true } : { allowed: false, why: 'NOT_PENDING' },
        cancel: { allowed: false, why: 'NOT_THE_REQUESTER' },
        revoke: { allowed: false, why: 'NOT_REVOCABLE' },
      },
    };
  }

  function viewing(under: AccessRequest): ViewingRecord | null {
    if (under.state.status !== 'approved' || random() < 0.35) return null;
    const watchedMs = Math.floor(random() * 3_600_000);
    return {
      id: `V-${under.id}`,
      sessionId: under.session.id,
      kind: under.kind,
      requestId: under.id,
      viewer: under.requester,
      startedAt: under.window.start,
      endedAt: toInstant(Date.parse(under.window.start) + watchedMs),
      why: 'closed',
      watchedMs,
      shown: [{ fromMs: 0, toMs: watchedMs }],
      snapshots: 0,
      receipts: { count: 12, hash: '0'.repeat(64) },
    };
  }

  return {
    sessions: allSessions,
    request,
    viewing,
    commands: () =>
      Array.from({ length: 8 }, () =>
        of([
          'ls -la',
          'sudo systemctl restart nginx',
          'select * from ledger where id = 7',
          'tail -f /var/log/auth.log',
          'rm -rf /tmp/build',
          'kubectl get pods',
        ]),
      ).join('\n'),
  };
}
