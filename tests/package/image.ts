import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Copy, DockerfileParser, type Instruction, type JSONInstruction } from 'dockerfile-ast';

export const root = path.join(import.meta.dirname, '../..');
export const readRoot = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** What is sent to a builder: files of the checkout that `.dockerignore` leaves. */
export function contextFiles(ignore: string): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  return list.split('\n').filter((file) => file !== '' && existsSync(path.join(root, file)) && !isIgnored(file, ignore));
}

/** By the last line that fits. Of the patterns only names and `*` are known; another one is a mistake of this reader. */
export function isIgnored(file: string, ignore: string): boolean {
  const first = file.split('/')[0];
  let ignored = false;
  for (const line of ignore.split('\n').map((text) => text.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const name = line.replace(/^!/, '');
    if (name !== '*' && /[*?[\]\\]/.test(name)) throw new Error(`.dockerignore: ${line} is not understood here`);
    if (name === '*' || name === first || file.startsWith(`${name}/`) || file === name) ignored = !line.startsWith('!');
  }
  return ignored;
}

/** What a container is started with. */
export interface Image {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

export interface ExecuteOptions {
  readonly dockerfile: string;
  /** Directory with what is sent to the builder. */
  readonly context: string;
  /** Root of what stands for the image in every FROM. */
  readonly base: string;
  /** Where the roots of the stages are made. */
  readonly scratch: string;
  /** Of every RUN, beside the image's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a command line in a root. @throws when it fails */
  readonly run: (
    line: string,
    at: { readonly root: string; readonly workdir: string; readonly user: string; readonly environment: Readonly<Record<string, string>> },
  ) => void;
}

/**
 * Executes the steps of a Dockerfile without an engine: each stage is a directory, and what a RUN runs sees nothing else. A file that is
 * not sent, not copied or not made fails it as it would fail a build.
 * @throws Error for a step that fails or that is not understood
 */
export function executeDockerfile(options: ExecuteOptions): Image {
  const parsed = DockerfileParser.parse(options.dockerfile);
  const args = new Map(parsed.getInitialARGs().map((arg) => [arg.getProperty()?.getName() ?? '', arg.getProperty()?.getValue() ?? '']));
  const stages = new Map<string, string>();
  let image: Image | undefined;
  const current = (): Image => {
    if (image === undefined) throw new Error('nothing can be done before the first FROM');
    return image;
  };
  const inside = (of: Image, file: string) => path.join(of.root, path.resolve(of.workdir, file));

  for (const step of parsed.getInstructions()) {
    const text = step.getRawArgumentsContent() ?? '';
    switch (step.getKeyword()) {
      case 'ARG':
        break;
      case 'FROM': {
        const [from = '', , name] = text.split(/\s+/);
        const known = from.replaceAll(/\$\{(\w+)\}/g, (_, arg: string) => args.get(arg) ?? '');
        if (known === '') throw new Error(`FROM ${from}: nothing is known of it`);
        const place = path.join(options.scratch, name ?? 'image');
        cpSync(options.base, place, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
        if (name !== undefined) stages.set(name, place);
        image = { root: place, environment: {}, user: '0:0', workdir: '/', entrypoint: [], command: [], healthcheck: [] };
        break;
      }
      case 'WORKDIR':
        image = { ...current(), workdir: path.resolve(current().workdir, text) };
        mkdirSync(inside(image, '.'), { recursive: true });
        break;
      case 'ENV':
        image = { ...current(), environment: { ...current().environment, ...pairsOf(text) } };
        break;
      case 'USER':
        image = { ...current(), user: text };
        break;
      case 'COPY':
        copy(step as Copy);
        break;
      case 'RUN': {
        const { root: place, workdir, user, environment } = current();
        options.run(text, { root: place, workdir, user, environment: { ...options.environment, ...environment } });
        break;
      }
      case 'VOLUME':
        for (const folder of jsonOf(step)) mkdirSync(inside(current(), folder), { recursive: true });
        break;
      case 'HEALTHCHECK':
        image = { ...current(), healthcheck: JSON.parse(text.slice(text.indexOf('CMD') + 3)) as string[] };
        break;
      case 'ENTRYPOINT':
        image = { ...current(), entrypoint: jsonOf(step) };
        break;
      case 'CMD':
        image = { ...current(), command: jsonOf(step) };
        break;
      default:
        throw new Error(`${step.getKeyword()} is not understood here`);
    }
  }
  return current();

  function copy(step: Copy): void {
    const from = step.getFromFlag()?.getValue() ?? null;
    const source = from === null ? options.context : stages.get(from);
    if (source === undefined) throw new Error(`COPY --from=${from}: there is no such stage before it`);
    const places = step.getArguments().map((argument) => argument.getValue());
    const target = places.pop() ?? '';
    const destination = inside(current(), target);
    const isFolder = target.endsWith('/') || places.length > 1;
    for (const place of places) {
      const file = path.join(source, place);
      if (!existsSync(file)) throw new Error(`COPY ${place}: it is not there`);
      // As a builder does: of a folder what is in it, of a file the file.
      const to = statSync(file).isDirectory() || !isFolder ? destination : path.join(destination, path.basename(place));
      cpSync(file, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    }
  }
}

/** The strings of an instruction in exec form; none when it is in shell form. */
export function jsonOf(step: Instruction): string[] {
  const strings = (step as JSONInstruction).getJSONStrings?.() ?? [];
  return strings.map((argument) => JSON.parse(argument.getValue()) as string);
}

function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(/\s+/).map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1 || /["'\\]/.test(pair)) throw new Error(`ENV ${pair} is not understood here`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Copies what is sent to a builder. */
export function writeContext(target: string): void {
  rmSync(target, { recursive: true, force: true });
  for (const file of contextFiles(readRoot('.dockerignore')))
    cpSync(path.join(root, file), path.join(target, file), { preserveTimestamps: true });
}
