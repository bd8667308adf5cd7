import { GetObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SourceError } from '../../../src/authoring.ts';
import type { FileKeeper } from './file-reader.ts';

export interface Bucket {
  readonly bucket: string;
  readonly region: string;
  readonly endpointUrl?: string | undefined;
  readonly userAgent: string;
}

/** Files of one S3 bucket, with the credentials that the AWS chain finds. */
export function bucketFiles({ bucket, region, endpointUrl, userAgent }: Bucket): FileKeeper {
  const shared = {
    region,
    maxAttempts: 1,
    customUserAgent: userAgent,
    // Endpoints of the environment are ignored: evidence comes from where the configuration says.
    ignoreConfiguredEndpointUrls: true,
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
  };
  const s3 = new S3Client({ ...shared, forcePathStyle: endpointUrl !== undefined });
  const host = endpointUrl === undefined ? `${bucket}.s3.${region}.amazonaws.com` : new URL(endpointUrl).host;
  return {
    host,
    async principal() {
      const sts = new STSClient(shared);
      try {
        return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? null;
      } catch (cause) {
        throw refusal(cause, 'sts:GetCallerIdentity', host);
      } finally {
        sts.destroy();
      }
    },
    async open(path, operation) {
      const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: path })).catch((cause: unknown) => {
        throw refusal(cause, operation, host);
      });
      const { Body, ETag, VersionId, LastModified } = got;
      if (Body === undefined) throw new SourceError('malformed-reply', operation, { sourceCode: 'no-body', host });
      return {
        bytes: chunksOf(Body as unknown as AsyncIterable<Uint8Array>, operation, host),
        modified: LastModified?.toISOString() ?? null,
        facts: { etag: ETag ?? null, version: VersionId ?? null },
        async unchanged() {
          const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: path })).catch(() => undefined);
          return head !== undefined && head.ETag === ETag;
        },
      };
    },
    close: () => s3.destroy(),
  };
}

async function* chunksOf(body: AsyncIterable<Uint8Array>, operation: string, host: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (cause) {
    throw refusal(cause, operation, host);
  }
}

function refusal(cause: unknown, operation: string, host: string): unknown {
  if (!(cause instanceof Error)) return cause;
  const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
  const of = { cause, sourceCode: cause.name, host, ...(status === undefined ? {} : { status }) };
  if (status === 401 || status === 403 || /Credentials|ExpiredToken|InvalidAccessKeyId/.test(cause.name)) {
    return new SourceError('access-denied', operation, of);
  }
  if (status === 429 || status === 503) return new SourceError('rate-limited', operation, of);
  return new SourceError('source-unavailable', operation, of);
}
