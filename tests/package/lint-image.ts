import { type Copy, type Dockerfile, DockerfileParser, type From, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { isIgnored, jsonOf } from './image.ts';

export interface LintedImage {
  readonly dockerfile: string;
  readonly ignore: string;
  /** Names at the top of the checkout. */
  readonly topLevel: readonly string[];
  /** Whether a path of the checkout is there. */
  readonly exists: (place: string) => boolean;
  /** The Node that the tests run on. */
  readonly node: string;
}

/** Everything that is wrong with an image as it is written: what an engine would refuse, and what we hold ours to. Empty: nothing. */
export function lintImage(image: LintedImage): string[] {
  const parsed = DockerfileParser.parse(image.dockerfile);
  const steps = parsed.getInstructions();
  return [
    ...validate(image.dockerfile).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`),
    ...lintBase(parsed, image.node),
    ...lintCopies(steps, image),
    ...lintEnd(steps.slice(steps.findLastIndex((step) => step.getKeyword() === 'FROM'))),
    ...steps.flatMap(lintStep),
  ];
}

/** One base, named once, with its version; by digest where it is built. */
function lintBase(parsed: Dockerfile, node: string): string[] {
  const base = parsed.getInitialARGs().map((arg) => arg.getProperty());
  const named = base.find((property) => property?.getName() === 'NODE_IMAGE')?.getValue() ?? '';
  return [
    ...(/^node:\d+\.\d+\.\d+-slim(?:@sha256:[0-9a-f]{64})?$/.test(named) ? [] : [`NODE_IMAGE is "${named}": expected an exact version`]),
    ...(named.startsWith(`node:${node}-`) ? [] : [`NODE_IMAGE is "${named}": the tests run on ${node}`]),
    ...parsed
      .getFROMs()
      .flatMap((from: From) => (/^\$\{NODE_IMAGE\}$/.test(from.getImage() ?? '') ? [] : [`FROM ${from.getImage()}: not the base`])),
  ];
}

/** What is copied is there and sent, and what is sent is copied. */
function lintCopies(steps: readonly Instruction[], { ignore, topLevel, exists }: LintedImage): string[] {
  const problems: string[] = [];
  const stages = new Set<string>();
  const copied = new Set<string>();
  for (const step of steps) {
    if (step.getKeyword() === 'FROM') stages.add((step as From).getBuildStage() ?? '');
    if (step.getKeyword() !== 'COPY') continue;
    const from = (step as Copy).getFromFlag()?.getValue();
    if (from !== undefined && from !== null) {
      if (!stages.has(from)) problems.push(`COPY --from=${from}: there is no such stage before it`);
      continue;
    }
    for (const source of step
      .getArguments()
      .slice(0, -1)
      .map((argument) => argument.getValue())) {
      copied.add(source);
      if (source === '.' || source === './') problems.push('COPY . takes whatever lies there');
      else if (!exists(source)) problems.push(`COPY ${source}: it is not there`);
      else if (isIgnored(source, ignore)) problems.push(`COPY ${source}: .dockerignore keeps it back`);
    }
  }
  const unused = topLevel.filter((name) => !isIgnored(name, ignore) && !copied.has(name));
  return [...problems, ...unused.map((name) => `${name} is sent to the builder and copied nowhere`)];
}

/** The stage that is started. */
function lintEnd(stage: readonly Instruction[]): string[] {
  const all = (keyword: string) => stage.filter((step) => step.getKeyword() === keyword);
  const user = all('USER').at(-1)?.getArgumentsContent() ?? 'root';
  const afterUser = stage.slice(stage.findLastIndex((step) => step.getKeyword() === 'USER'));
  const health = all('HEALTHCHECK').at(-1)?.getArgumentsContent() ?? '';
  return [
    ...(/^[1-9]\d*:[1-9]\d*$/.test(user) ? [] : [`USER ${user}: expected numbers of somebody who is not root`]),
    ...(afterUser.some((step) => ['RUN', 'COPY'].includes(step.getKeyword())) ? ['what is made is made before USER'] : []),
    ...(['ENTRYPOINT', 'CMD'] as const).flatMap((keyword) =>
      all(keyword).length === 1 && all(keyword).every((step) => jsonOf(step).length > 0) ? [] : [`${keyword}: expected one, in exec form`],
    ),
    ...(/CMD \["/.test(health) ? [] : ['HEALTHCHECK: expected one, in exec form']),
    ...(/\b(?:curl|wget)\b/.test(health) ? ['HEALTHCHECK: the image has neither curl nor wget'] : []),
    ...(health.includes('/healthz') ? [] : ['HEALTHCHECK: expected /healthz']),
  ];
}

function lintStep(step: Instruction): string[] {
  const keyword = step.getKeyword();
  const text = step.getArgumentsContent() ?? '';
  return [
    ...(keyword === 'ADD' ? ['ADD fetches and unpacks by itself: COPY'] : []),
    ...((keyword === 'ARG' || keyword === 'ENV') && /SECRET|TOKEN|PASSWORD|CREDENTIAL|_KEY/i.test(text)
      ? [`${keyword} ${text.split('=')[0]}: a secret would stay in the image`]
      : []),
    ...(keyword === 'RUN' && /\bnpm (?:install|i)\b/.test(text) ? ['RUN npm install: npm ci keeps to the lock file'] : []),
    ...(keyword === 'RUN' && /\b(?:sudo|curl|wget|apt-get)\b/.test(text) ? [`RUN ${text}: nothing is fetched but from the lock file`] : []),
  ];
}
