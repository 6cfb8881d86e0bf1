import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { type Failure, failureCodes, failures } from '../../../contract/failure.ts';
import { en } from '../../../renderer/i18n/en.ts';
import { ptBR } from '../../../renderer/i18n/pt-BR.ts';
import { createTimes } from '../../../renderer/store/times.ts';
import { failureText, type Say } from '../../../renderer/ui/failure-text.ts';

const at = '2026-11-24T18:02:00.000Z';

/** Data that fits each code which has any. */
const samples: Partial<Record<Failure['code'], object>> = {
  STEP_UP_NEEDED: { how: 'password' },
  ROLE_MISSING: { needed: ['PAM Auditor', 'PAM Administrator'] },
  PERMISSION_MISSING: { permission: 'PAM.SessionManagement.Recording' },
  ALREADY_ASKED: { requestId: 'r1' },
  NO_ELIGIBLE_APPROVER: { group: 'Night shift', level: 1, needed: 2, eligible: 0 },
  NOT_PENDING: { status: 'approved' },
  NOT_REVOCABLE: { status: 'rejected' },
  STALE_VERSION: { seen: 1, current: 2, changed: ['window'] },
  DEADLINE_PASSED: { deadline: at },
  WINDOW_NOT_OPEN: { from: at, until: '2026-11-25T18:02:00.000Z' },
  WINDOW_OVER: { until: at },
  REVOKED: { by: 'Paulo Nunes', at, comment: 'Wrong ticket' },
  WINDOW_INVALID: { why: 'in-the-past' },
  WINDOW_TOO_LONG: { maxMs: 8 * 3_600_000 },
  JUSTIFICATION_REQUIRED: { minLength: 10 },
  GOVERNANCE_CODE_REQUIRED: { label: 'Ticket' },
  GOVERNANCE_CODE_INVALID: { label: 'Ticket', pattern: 'INC-[0-9]+' },
  NOT_FOUND: { what: 'session' },
  ACCOUNT_LOCKED: { until: at },
  RATE_LIMITED: { retryAfterMs: 3_000 },
  INVALID_INPUT: { issues: ['gateway: too long'] },
  ANSWER_TOO_LARGE: { maxBytes: 1 },
  TOO_MANY_VIEWINGS: { most: 4 },
  RECEIPT_GAP: { expected: 3 },
  RECEIPT_FORK: { sequence: 3 },
  UNREACHABLE: { host: 'pam.example.com', why: 'refused' },
  PLAIN_HTTP_REFUSED: { host: 'pam.example.com' },
  UNTRUSTED_CERTIFICATE: {
    host: 'pam.example.com',
    fingerprint: 'sha256/AbC=',
    issuer: 'Acme CA',
    why: 'net::ERR_CERT_AUTHORITY_INVALID',
  },
  NOT_A_GATEWAY: { host: 'pam.example.com' },
  GATEWAY_TOO_OLD: { gateway: '1.0', client: '1.2' },
  GATEWAY_TOO_NEW: { gateway: '2.0', client: '1.2' },
  GATEWAY_FAILED: { status: 503 },
  KEYCHAIN_UNAVAILABLE: { state: 'locked' },
  INTERNAL: { reference: '1f2e3d4c' },
};

const languages = { en, 'pt-BR': ptBR };

function textIn(language: keyof typeof languages): (failure: Failure) => ReturnType<typeof failureText> {
  const i18n = createInstance();
  void i18n.init({
    lng: language,
    resources: { [language]: { translation: languages[language] } },
    interpolation: { escapeValue: false },
    contextSeparator: '~',
    initAsync: false,
  });
  const times = createTimes(language, 'UTC', Date.parse('2026-11-24T17:02:11.000Z'));
  return (failure) => failureText(failure, times, i18n.t as unknown as Say);
}

describe.each(['en', 'pt-BR'] as const)('a failure in %s', (language) => {
  const textOf = textIn(language);

  it.each(failureCodes)('%s is two whole sentences', (code) => {
    const failure = { code, data: failures[code].data.parse(samples[code] ?? {}) } as Failure;
    const { what, todo } = textOf(failure);
    for (const sentence of [what, todo]) {
      expect(sentence).toMatch(/^[\p{Lu}\p{N}].*[.!?]$|^pam\.example\.com.*\.$|: Wrong ticket$|^Ticket/u);
      expect(sentence).not.toMatch(/\{\{|undefined|failure\.|\bERR_/);
    }
  });
});

describe('what has to be compared letter by letter', () => {
  const textOf = textIn('en');

  it('stands apart from the sentence', () => {
    const failure = { code: 'UNTRUSTED_CERTIFICATE', data: samples.UNTRUSTED_CERTIFICATE } as Failure;
    expect(textOf(failure).detail).toEqual({ label: 'Fingerprint', text: 'sha256/AbC=\nIssued by Acme CA' });
    expect(textOf(failure).what).toContain('this computer does not know who issued it');
  });

  it('is nothing for most failures', () => {
    expect(textOf({ code: 'SELF_APPROVAL', data: {} }).detail).toBeNull();
    expect(
      textOf({ code: 'UNTRUSTED_CERTIFICATE', data: { host: 'a', fingerprint: '', issuer: '', why: '?' } }).detail,
    ).toBeNull();
  });

  it('is left out when a part of the client explains a code without data', () => {
    for (const code of failureCodes) expect(textOf({ code, data: {} } as Failure).what).not.toBe('');
  });
});

it('says moments as people do', () => {
  expect(textIn('en')({ code: 'ACCOUNT_LOCKED', data: { until: at } }).what).toContain('until 18:02');
  expect(textIn('en')({ code: 'WINDOW_NOT_OPEN', data: { from: at, until: '2026-11-25T18:02:00.000Z' } }).what).toContain(
    'from 18:02 until tomorrow 18:02',
  );
  expect(textIn('pt-BR')({ code: 'NOT_PENDING', data: { status: 'approved' } }).what).toContain('aprovada');
});
