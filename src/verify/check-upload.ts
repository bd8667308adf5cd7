import { createHash } from 'node:crypto';
import { UploadDetail, UploadPiece } from '../model/blobs.ts';
import type { StatementOf } from '../model/statement.ts';
import type { BlobOpener } from './open-blobs.ts';
import type { ClaimSheet } from './report.ts';

/** Holds what a person handed in against what was said of it: its pieces are the bytes, as many and with the digest that are stated. */
export function checkUpload(statement: StatementOf<'upload'>, index: number, blobs: BlobOpener, sheet: ClaimSheet): void {
  const detail = blobs.open(statement.detail, UploadDetail, index);
  const hash = createHash('sha256');
  let bytes = 0;
  let whole = true;
  for (const commitment of statement.pieces) {
    const piece = blobs.open(commitment, UploadPiece, index, true);
    if (piece === undefined || piece === 'erased') {
      whole = false;
      continue;
    }
    const part = Buffer.from(piece.base64, 'base64');
    bytes += part.length;
    hash.update(part);
  }
  if (detail === undefined || detail === 'erased') return;
  if (detail.bytes !== statement.bytes) sheet.fail('references', index, 'the upload and its detail state another number of bytes');
  if (!whole) return;
  if (bytes !== detail.bytes || hash.digest('hex') !== detail.sha256) {
    sheet.fail('references', index, `the pieces of the upload are not the ${detail.bytes} bytes that its detail says`);
  }
}
