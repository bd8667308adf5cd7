import { z } from 'zod';
import { RecordsFile } from '../access/records/examination.ts';
import { WebhookBody } from '../model/webhook-body.ts';
import { ConfigurationFile } from './configuration.ts';
import { OwnControlsFile } from './control-file.ts';
import { DocumentsFile } from './documents-file.ts';
import { EngagementsFile } from './engagements.ts';
import { ObjectivesFile } from './frameworks.ts';
import { ReviewsFile } from './reviews-file.ts';
import { ScopeFile } from './scope.ts';
import { SeparationFile } from './separation-file.ts';

/** The JSON schemas that editors check the user's files with, and that of what webhooks receive: file name in `config/` to its text. Generated, never written by hand. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const text = (schema: z.ZodType) => `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
  return {
    'proofline.schema.json': text(ConfigurationFile),
    'controls.schema.json': text(OwnControlsFile),
    'documents.schema.json': text(DocumentsFile),
    'engagements.schema.json': text(EngagementsFile),
    'objectives.schema.json': text(ObjectivesFile),
    'records.schema.json': text(RecordsFile),
    'reviews.schema.json': text(ReviewsFile),
    'scope.schema.json': text(ScopeFile),
    'sod.schema.json': text(SeparationFile),
    'webhook.schema.json': text(WebhookBody),
  };
}
