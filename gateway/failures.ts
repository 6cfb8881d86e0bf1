import { randomBytes } from 'node:crypto';
import { ORPCError, ValidationError } from '@orpc/server';
import type { FastifyBaseLogger } from 'fastify';
import { type Failure, FailureError, failures } from '../contract/failure.ts';

/** The failure behind anything that was thrown. What nobody foresaw is logged once, with its stack, under a reference. */
export function toFailure(error: unknown, log: FastifyBaseLogger): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    const issues = error.cause instanceof ValidationError ? error.cause.issues : [];
    return {
      code: 'INVALID_INPUT',
      data: { issues: issues.slice(0, 10).map((issue) => `${issue.path?.map(String).join('.') ?? ''}: ${issue.message}`) },
    };
  }
  if (error instanceof ORPCError && error.code in failures) return { code: error.code, data: error.data } as Failure;
  const reference = randomBytes(4).toString('hex');
  log.error({ reference, stack: error instanceof Error ? error.stack : String(error) }, 'unforeseen');
  return { code: 'INTERNAL', data: { reference } };
}

/** A failure as oRPC sends it. */
export function toError(failure: Failure): ORPCError<string, unknown> {
  const { status, meaning } = failures[failure.code];
  return new ORPCError(failure.code, { status, message: meaning, data: failure.data });
}
