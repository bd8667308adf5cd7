export interface EvidenceFacts {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  readonly from: number;
  readonly to: number;
  readonly blobs: number;
  readonly erased: number;
  readonly withheld: number;
  readonly generatedAt: string;
  readonly demonstration: boolean;
  readonly signed: boolean;
  /** There are files of time stamps. */
  readonly stamped: boolean;
}

/** What a person who was handed the directory needs to know first. */
export function evidenceReadme(facts: EvidenceFacts): string {
  const whole = facts.from === 0 && facts.to === facts.size;
  const part = whole
    ? `all ${facts.size} entries of the log`
    : `entries ${facts.from} to ${facts.to - 1} of the ${facts.size} entries of the log, with the proof that none of them is missing`;
  const demonstration = facts.demonstration
    ? '\nDEMONSTRATION DATA. The company in it is made up. Nothing in this directory is evidence of anything.\n'
    : '';
  return `EVIDENCE EXPORT
${demonstration}
Log         ${facts.origin}
Contains    ${part}; ${facts.blobs} pieces of content${facts.erased > 0 ? `, of which ${facts.erased} are erased` : ''}${
    facts.withheld > 0
      ? `;
            ${facts.withheld} more are withheld: only their commitments are here`
      : ''
  }
Checkpoint  size ${facts.size}, root ${facts.root}
Made        ${facts.generatedAt}
Signed      ${facts.signed ? 'yes, by the key of the log (manifest.note)' : 'no (manifest.sha256 binds the files, nobody vouches for them)'}

WHAT THIS IS
What Proofline's collectors saw in the sources they read, what its checks said of it, and when, exactly as it was recorded: item by item,
request by request. It reports what management's monitoring observed. The conclusion is the auditor's.

HOW TO VERIFY IT
Offline, with nothing from this directory but the data. Take the verifier from where the project is published, not from here, and the key
(--vkey) and first checkpoint from what you were given at the start of the engagement.

  python3 verify_export.py DIRECTORY --vkey 'NAME+ID+KEY' --tsa-roots ROOTS.pem
  proofline verify DIRECTORY --vkey 'NAME+ID+KEY' --tsa-roots ROOTS.pem

The first needs Python 3.9 and OpenSSL 3 only, and shares no code with the second. The format is written down in format-1.md beside it,
completely enough to write a third.

WHAT IS HERE
  entries.jsonl      the statements of the log, one a line
  blobs.txt          what they commit to: commitment, salt, content
  checkpoint(s)      the signed heads of the log
${facts.stamped ? '  anchors/           heads stamped by a time-stamping authority, for openssl ts -verify\n' : ''}  vkeys.txt          the keys that signed, for convenience${
    whole
      ? ''
      : `
  range.json         proof that the part is whole; outside.jsonl, starts.jsonl: what it relies on from outside`
  }
  manifest.json      the SHA-256 of every file

WHAT IT CANNOT SHOW
That a source answered truthfully; that the collector was unmodified; what happened before the first anchor. Request ids and session
names in the entries can be compared with the source's own log (for AWS: CloudTrail).
`;
}
