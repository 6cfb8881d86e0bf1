// Writes docs/openapi.json from the contract. `--check` only says whether it is up to date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { failures } from '../contract/failure.ts';
import { contractVersion, gatewayContract } from '../contract/gateway.ts';

const file = path.resolve(import.meta.dirname, '../docs/openapi.json');

/** The contract as OpenAPI 3.1, the media route and the failure codes described beside it. */
export async function openApi(): Promise<string> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const codes = Object.entries(failures).map(([code, { status, meaning }]) => `- \`${code}\` (${status}): ${meaning}`);
  const document = await generator.generate(gatewayContract, {
    info: {
      title: 'Oversight gateway',
      version: `${contractVersion.major}.${contractVersion.minor}`,
      description: [
        'Governed access to recorded and live remote sessions: ask, approve, watch.',
        'Media is bytes: `GET /v1/media/{leaseId}/{path}` with the access token serves the playlists, segments and keys below a lease. The lease is checked on each; Range is honoured. Playlists take the directives of low-latency HLS (`_HLS_msn`, `_HLS_part`, `_HLS_skip`).',
        'Failures answer `{ code, status, message, data }`. The codes:',
        codes.join('\n'),
      ].join('\n\n'),
    },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    security: [{ bearer: [] }],
  });
  return `${JSON.stringify(withOneFailure(document), null, 2)}\n`;
}

type Json = { [name: string]: Json };

/** Every route fails in the same form, so it is said once: a response that all of them refer to. */
function withOneFailure(document: object): object {
  const { paths, components, ...rest } = document as { paths: Json; components: Json };
  const failure = {
    description: 'A failure: its code says what happened, its data what a sentence about it needs.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['code', 'status', 'data'],
          properties: {
            code: { enum: Object.keys(failures) },
            status: { type: 'integer' },
            message: { type: 'string' },
            data: { type: 'object' },
          },
        },
      },
    },
  };
  for (const route of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const good = Object.entries(route['responses'] ?? {}).filter(([status]) => status.startsWith('2'));
    (route as Record<string, unknown>)['responses'] = {
      ...Object.fromEntries(good),
      default: { $ref: '#/components/responses/Failure' },
    };
  }
  return { ...rest, paths, components: { ...components, responses: { Failure: failure } } };
}

if (process.argv[1] === import.meta.filename) {
  const text = await openApi();
  if (process.argv.includes('--check')) process.exitCode = existsSync(file) && readFileSync(file, 'utf8') === text ? 0 : 1;
  else {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
