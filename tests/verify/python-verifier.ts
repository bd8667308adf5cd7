import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface PythonRequest {
  readonly directory?: string;
  readonly vkey?: string;
  /** File of PEM certificates. */
  readonly roots?: string;
  /** File of a signed note that was handed over before. */
  readonly against?: string;
  readonly flips?: readonly (readonly [path: string, offset: number, xor: number])[];
  readonly canonical?: readonly unknown[];
  readonly numbers?: readonly string[];
}
export interface PythonClaim {
  readonly claim: string;
  readonly result: 'PASS' | 'WARN' | 'FAIL';
  readonly detail: string;
}

/** The independent verifier, kept running: starting Python for every export would take most of the time. */
export class PythonVerifier {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;

  constructor() {
    const script = fileURLToPath(new URL('verify_many.py', import.meta.url));
    this.#child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  async ask<T = PythonClaim[]>(request: PythonRequest): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error('the Python verifier ended; what it said is above');
    return JSON.parse(answer.value) as T;
  }

  stop(): void {
    this.#child.stdin.end();
    this.#lines.close();
    this.#child.kill();
  }
}
