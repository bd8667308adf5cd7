#!/usr/bin/env python3
"""Verifies a bundle, or an evidence export. Python 3.9 standard library and openssl 3 (for Ed25519 and RFC 3161); no code shared with Proofline.

usage: verify_export.py DIRECTORY|FILE.zip [--vkey 'NAME+ID+KEY'] [--tsa-roots ROOTS.pem] [--against CHECKPOINT] [--json]
exit:  0 nothing failed, 4 verification failed, 2 usage

The format is format-1.md; section numbers below are its. --vkey is the key you were handed at the start of the engagement, --tsa-roots the
certificates of the time-stamping authorities you trust, --against a checkpoint (signed note) that you were handed before. Take this file from where the project is published, never from an export.
"""
import base64, calendar, concurrent.futures, functools, hashlib, hmac, json, os, re, subprocess, sys, tempfile, time, unicodedata, zipfile, zlib
from decimal import Decimal

CLAIMS = ('bundle-files bundle-signature bundle-chain export-files export-signature entries-canonical statement-shapes genesis log-root checkpoints handed-over keys references blobs items volatile '
          'population requests redactions results decisions anchors anchor-times anchored completeness schedule hosts clocks erasures withheld demonstration').split()
OUTCOMES = ('pass', 'fail', 'not-applicable', 'empty', 'no-evidence', 'waived')
REASONS = ('access-denied', 'rate-limited', 'source-unavailable', 'truncated', 'malformed-reply', 'not-collected', 'stale')
NOTES = ('That a source answered truthfully, or that the collector was unmodified, is not shown: compare a sample with the source itself.',
         'What happened before the first time stamp is fixed only from that time on: it could have been written at once, with any times.',
         'That there is no second log is not shown: compare origin, key and first checkpoint with what was handed over at the start.',
         'That a request was sent is not shown: compare request ids and session names with the source\'s own log.')
ERASED, UNKNOWN, WITHHELD = object(), object(), object()


class Wrong(Exception):
    """Something is not what the format says."""


class Sheet:
    """What was found for and against each claim."""
    def __init__(self): self.failed, self.warned, self.held = {}, {}, {}
    def fail(self, claim, entry, message): self.failed.setdefault(claim, []).append((entry, message))
    def warn(self, claim, entry, message): self.warned.setdefault(claim, []).append((entry, message))
    def hold(self, claim, detail): self.held[claim] = detail
    def claims(self):
        made = []
        for claim in CLAIMS:
            found = self.failed.get(claim) or self.warned.get(claim)
            if found:
                entry, message = found[0]
                more = ' (and %d more)' % (len(found) - 1) if len(found) > 1 else ''
                where = '' if entry is None else 'entry %d: ' % entry
                made.append({'claim': claim, 'result': 'FAIL' if claim in self.failed else 'WARN', 'detail': where + message + more})
            elif claim in self.held:
                made.append({'claim': claim, 'result': 'PASS', 'detail': self.held[claim]})
        return made


# --- 1: canonical JSON ---------------------------------------------------------------------------------------------------------------------
def es_number(value):
    """A number as ECMAScript writes it: Python finds the same shortest digits, and places point and exponent elsewhere."""
    if value == 0: return '0'
    sign, digits, exponent = Decimal(repr(float(value))).as_tuple()
    text = ''.join(map(str, digits)).rstrip('0')
    point = len(digits) + exponent
    if len(text) <= point <= 21: text += '0' * (point - len(text))
    elif 0 < point <= 21: text = text[:point] + '.' + text[point:]
    elif -6 < point <= 0: text = '0.' + '0' * -point + text
    else: text = text[0] + ('.' + text[1:] if len(text) > 1 else '') + 'e%+d' % (point - 1)
    return ('-' if sign else '') + text

def canonical(value):
    if value is None or isinstance(value, bool): return json.dumps(value)
    if isinstance(value, (int, float)): return es_number(value)
    if isinstance(value, str): return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list): return '[' + ','.join(map(canonical, value)) + ']'
    keys = sorted(value, key=lambda key: key.encode('utf-16-be', 'surrogatepass'))
    return '{' + ','.join(canonical(key) + ':' + canonical(value[key]) for key in keys) + '}'

def parse(data):
    try:
        value = json.loads(data.decode('utf-8'))
        if canonical(value).encode('utf-8') == data: return value
    except (ValueError, RecursionError, OverflowError): pass
    raise Wrong('not canonical JSON')

def strict_base64(text, length=None):
    try: data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError): raise Wrong('not base64')
    if base64.b64encode(data).decode() != text or length not in (None, len(data)): raise Wrong('not base64 of the right length')
    return data


# --- 2, 3: hashes and trees ----------------------------------------------------------------------------------------------------------------
def sha256(data): return hashlib.sha256(data).digest()
def b64(data): return base64.b64encode(data).decode()
def leaf(data): return sha256(b'\0' + data)
def node(left, right): return sha256(b'\1' + left + right)
EMPTY = sha256(b'')

class Tree:
    """The perfect subtrees a growing tree is made of, largest first."""
    def __init__(self, size=0, hashes=()): self.size, self.hashes = size, list(hashes)
    def append(self, data):
        here, rest = leaf(data), self.size
        while rest & 1: here, rest = node(self.hashes.pop(), here), rest >> 1
        self.hashes.append(here); self.size += 1
    def root(self):
        root = None
        for here in reversed(self.hashes): root = here if root is None else node(here, root)
        return root or EMPTY
    def root_with_rest(self, right, size):
        left, rest = list(self.hashes), list(right)
        def walk(low, high):
            count = high - low
            if high <= self.size and count & (count - 1) == 0: return left.pop(0)
            if low >= self.size: return rest.pop(0)
            middle = low + (1 << (count - 1).bit_length() - 1)
            before = walk(low, middle)
            return node(before, walk(middle, high))
        try: root = walk(0, size)
        except IndexError: return None
        return None if left or rest else root

def root_of(datas):
    tree = Tree()
    for data in datas: tree.append(data)
    return tree.root()

def included(data, index, size, hashes, root):
    here, number, last = leaf(data), index, size - 1
    if not 0 <= index < size: return False
    for other in hashes:
        if last == 0: return False
        if number & 1 or number == last:
            here = node(other, here)
            while not number & 1 and number: number, last = number >> 1, last >> 1
        else: here = node(here, other)
        number, last = number >> 1, last >> 1
    return last == 0 and here == root

# --- 4: manifests --------------------------------------------------------------------------------------------------------------------------
def in_order(ids):
    raw = [strict_base64(one, 32) for one in ids]
    return all(before < after for before, after in zip(raw, raw[1:]))

@functools.lru_cache(maxsize=1 << 18)
def pair_leaf(key, content):
    raw = strict_base64(key, 32)
    return raw, leaf(raw + strict_base64(content, 32))

def manifest_root(pairs):
    hashes = [here for _, here in sorted(pair_leaf(key, content) for key, content in pairs.items())]
    while len(hashes) > 1:  # One without a sibling is carried up: that is where RFC 6962 splits.
        hashes = [node(*hashes[at:at + 2]) if at + 1 < len(hashes) else hashes[at] for at in range(0, len(hashes), 2)]
    return hashes[0] if hashes else EMPTY


# --- 5, 6: shapes. A shape is a function that says whether a value has it --------------------------------------------------------------------
def is_str(value): return isinstance(value, str)
def is_bool(value): return isinstance(value, bool)
def is_int(value): return isinstance(value, int) and not is_bool(value) and abs(value) < 2 ** 53
def is_number(value): return isinstance(value, (int, float)) and not is_bool(value)
def count(value): return is_int(value) and value >= 0
def anything(_): return True
def is_object(value): return isinstance(value, dict)
def digest(value): return is_str(value) and re.fullmatch('sha256:[0-9a-f]{64}', value) is not None
def hash32(value):
    try: return is_str(value) and len(strict_base64(value)) == 32
    except Wrong: return False
def instant(value):
    if not is_str(value) or not re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z', value, re.ASCII): return False
    try: time.strptime(value[:19], '%Y-%m-%dT%H:%M:%S')
    except ValueError: return False
    return value[17:19] < '60'
def ending(value): return is_str(value) and re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z', value, re.ASCII) is not None
def short(most): return lambda value: is_str(value) and len(value) <= most
def null_or(shape): return lambda value: value is None or shape(value)
def one_of(*words): return lambda value: is_str(value) and value in words
def array(shape, most=None): return lambda value: isinstance(value, list) and (most is None or len(value) <= most) and all(map(shape, value))
def fixed(*shapes): return lambda value: isinstance(value, list) and len(value) == len(shapes) and all(s(v) for s, v in zip(shapes, value))
def either(*shapes): return lambda value: any(shape(value) for shape in shapes)
def record(maybe=None, loose=False, **members):
    members = {key.rstrip('_').replace('__', '-'): shape for key, shape in members.items()}
    optional = maybe or {}
    def shape(value):
        return (is_object(value) and all(key in value and here(value[key]) for key, here in members.items())
                and all(key not in value or here(value[key]) for key, here in optional.items())
                and (loose or all(key in members or key in optional for key in value)))
    return shape

reason, pair, counts = one_of(*REASONS), fixed(hash32, hash32), record(**{one.replace('-', '__'): count for one in OUTCOMES})
actor = record(name=is_str, authentication=one_of('none', 'personal-key', 'schedule'))
change = record(size=count, root=hash32, previous=null_or(hash32), delta=null_or(hash32), keyframe=null_or(hash32))
gap = record(reason=reason, operation=is_str, maybe={'subject': is_str, 'region': is_str, 'code': is_str})
completeness = either(record(kind=one_of('complete')), record(kind=one_of('incomplete'), reasons=lambda v: array(reason)(v) and len(v) > 0))
index_or_none = null_or(is_int)

turn = record(schedule=is_str, due=instant)
def positive(value): return count(value) and value > 0
MISSES = ('not-running', 'overlap', 'queue-full', 'queue-unavailable', 'clock-moved', 'not-known')
DECISIONS = ('adopt-control retire-control import-controls scope register-person revoke-person open-period amend-period close-period waive end-waiver dispose '
             'respond freeze-population draw-sample observe link-account register-service-account mitigate end-mitigation start-review assign-review '
             'decide-review close-review explain-record add-document approve refuse withdraw').split()
def statement(kind, **members): return record(v=lambda v: v == 1 and is_int(v), kind=one_of(kind), id=lambda v: is_str(v) and v != '', at=instant, loose=True, **members)
STATEMENTS = {
    'genesis': statement('genesis', origin=is_str, tenant=is_str, demonstration=is_bool, keys=record(sign=is_str, wrap=is_str, commit=is_str)),
    'plan': statement('plan', configuration=digest, collectors=array(record(id=is_str, logic=digest)), checks=record(count=is_int, digest=digest),
                      controls=record(count=is_int, digest=digest), detail=hash32),
    'collection': statement(
        'collection', plan=index_or_none, after=null_or(hash32), collector=is_str, logic=digest, kindOf=one_of('state', 'roster', 'events'), source=is_str,
        scope=is_str, principal=null_or(is_str), session=is_str, trigger=actor, startedAt=instant, finishedAt=instant,
        durationMs=lambda v: is_number(v) and v >= 0, sourceAsOf=null_or(instant),
        clock=record(offsetMs=null_or(record(min=is_number, max=is_number)), suspect=is_bool), hosts=array(record(host=is_str, official=is_bool)),
        requests=record(count=count, failed=count, pages=count, root=hash32, kept=null_or(hash32), keptAll=is_bool), items=change, volatile=change,
        completeness=completeness, gaps=array(gap, 20), gapCount=count,
        reconciliation=array(record(with_=is_str, field=is_str, expected=null_or(is_int), seen=is_int)), redactions=null_or(hash32), withheld=count,
        grade=one_of('source-direct', 'entity-built-logic', 'uploaded', 'attested'), maybe={'window': record(from_=instant, to=instant, backfill=is_bool)}),
    'evaluation': statement(
        'evaluation', after=null_or(hash32), plan=index_or_none, source=is_str, asOf=instant, reads=record(count=count, list=hash32), population=change,
        results=record(checks=count, list=hash32, counts=counts, until=null_or(instant)), malformed=count,
        maybe={'context': hash32, 'judgedAt': instant, 'turn': turn}),
    'decision': statement('decision', actor=actor, decision=one_of(*DECISIONS), subjects=array(is_str, 500),
                          reason=short(2000), detail=null_or(hash32)),
    'anchor': statement('anchor', anchor=is_str, method=one_of('rfc3161', 'file'), checkpoint=record(size=lambda v: count(v) and v > 0, root=hash32),
                        receiptTime=null_or(instant), receipt=is_str, receiptHash=hash32, note=is_str, maybe={'turn': turn}),
    'gap': statement('gap', subject=is_str, reason=is_str, from_=null_or(instant), to=null_or(instant),
                     maybe={'of': record(kind=one_of('source', 'anchor', 'record', 'turn', 'channel'), name=is_str), 'turn': turn, 'attempts': positive}),
    'schedule-miss': statement('schedule-miss', schedule=is_str, source=null_or(is_str), from_=instant, to=instant, count=positive, reason=one_of(*MISSES), late=is_bool),
    'delivery': statement('delivery', message=is_str, channel=is_str, channelKind=is_str, route=null_or(is_str),
                          notices=lambda v: is_object(v) and all(map(positive, v.values())), about=null_or(record(first=count, last=count)), attempt=positive,
                          outcome=one_of('delivered', 'failed', 'given-up'), reason=null_or(short(500)), fallback=null_or(is_str)),
    'upload': statement('upload', actor=actor, bytes=positive, detail=hash32, pieces=lambda v: array(hash32, 500)(v) and len(v) > 0),
    'key': statement('key', purpose=one_of('sign', 'wrap', 'commit'), retired=is_str, introduced=is_str, vkey=null_or(is_str), signatures=array(is_str)),
    'erasure': statement('erasure', commitments=array(hash32, 500), authority=is_str, reason=is_str, actor=actor),
    'config-change': statement('config-change', from_=null_or(digest), to=digest, actor=actor),
    'lifecycle': statement('lifecycle', event=is_str, detail=short(2000),
                           maybe={'process': record(role=one_of('serve', 'worker'), run=is_str, host=is_str, pid=positive, version=is_str, node=is_str,
                                                    configuration=digest, by=is_str),
                                  'upgrade': record(from_=is_str, to=is_str, notJudged=array(is_str), verdicts=record(
                                      changed=count, beginsToFail=count, failsNoMore=count, losesEvidence=count, same=count))}),
}
head = dict(check=is_str, parameters=is_object, logic=digest, counts=counts, until=null_or(instant))
item_head = dict(id=is_str, operation=is_str, subject=null_or(is_str), region=null_or(is_str))
result = record(subject=is_str, display=is_str, outcome=one_of(*OUTCOMES), message=is_str, maybe={'reason': reason, 'until': ending})
DELTA, KEYFRAME = record(added=array(pair), changed=array(pair), removed=array(hash32)), record(pairs=array(pair))
CONTENTS = {'items': either(record(body=anything, **item_head), record(gap=reason, **item_head)), 'volatile': record(id=is_str, fields=is_object),
            'population': record(type=is_str, id=is_str, display=is_str)}
REQUESTS = array(record(operation=is_str, input=is_object, page=is_int, host=null_or(is_str), status=null_or(is_int), startedAt=instant, durationMs=is_number,
                        serverDate=null_or(instant), offsetMs=null_or(is_number), requestId=null_or(is_str), body=null_or(hash32), bytes=is_int,
                        notModified=is_bool, gap=null_or(is_str), code=null_or(is_str), maybe={'region': is_str}))
REDACTIONS = record(items=array(record(id=is_str, withheld=lambda v: array(is_str)(v) and len(v) > 0)))
UPLOAD = record(v=lambda v: v == 1 and is_int(v), name=lambda v: is_str(v) and v != '', mediaType=lambda v: is_str(v) and v != '', bytes=positive,
                sha256=lambda v: is_str(v) and re.fullmatch('[0-9a-f]{64}', v) is not None)
PIECE = record(base64=lambda v: is_str(v) and re.fullmatch('(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?', v) is not None)
READS = array(record(collector=is_str, scope=is_str, index=count))
CONTEXT = record(staleAfterMs=null_or(is_number), missing=array(record(type=is_str, scope=is_str, reason=reason)))
RESULTS_LIST = array(record(results=hash32, **head))
CHECK_RESULTS = record(subjectType=is_str, excluded=array(is_str), exceptions=array(fixed(is_str, null_or(instant))), notPass=array(result), **head)
FILES = array(record(path=is_str, bytes=count, sha256=lambda v: is_str(v) and re.fullmatch('[0-9a-f]{64}', v) is not None))
BUNDLE = record(format=one_of('proofline/1 bundle'), generatedAt=instant, origin=is_str, size=count, root=hash32, period=is_str, version=is_str,
                supplements=null_or(digest), published=array(record(path=is_str, sha256=is_str)), files=FILES)
def text(value): return is_str(value) and value.strip() != ''
def day(value):
    try: return is_str(value) and re.fullmatch(r'\d{4}-\d\d-\d\d', value, re.ASCII) is not None and time.strptime(value, '%Y-%m-%d') is not None
    except ValueError: return False
def some(shape): return lambda value: array(shape)(value) and len(value) > 0
def exactly(word): return lambda value: is_str(value) and value == word
def fitting(pattern): return lambda value: is_str(value) and re.fullmatch(pattern, value, re.ASCII) is not None
def version_one(value): return is_int(value) and value == 1
def weekday(value): return is_int(value) and 1 <= value <= 7
duration = fitting(r'P(?!$)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?')
threshold, sla = record(lateAfter=duration, gapAfter=duration, materialAfter=duration), either(record(hours=positive), record(businessDays=positive))
RULER = record(thresholds=record(critical=threshold, standard=threshold, roster=threshold, events=threshold), flappingWithin=duration, graceForNew=null_or(duration),
               sla=record(critical=sla, high=sla, medium=sla, low=sla), calendar=record(workingDays=some(weekday), holidays=array(day)),
               sampleSizes=array(record(frequency=text, upTo=null_or(positive), size=either(positive, exactly('all')))))
PERSON = record(id=fitting('[a-z0-9][a-z0-9._-]{0,60}'), name=text, roles=some(one_of('management', 'control-owner', 'reviewer', 'auditor')), keys=some(text), maybe={'email': is_str})
PERIOD = record(v=version_one, id=fitting('[a-z0-9][a-z0-9-]{1,60}'), engagement=is_object, start=day, end=day, zone=is_str, from_=instant, to=instant, cutOff=null_or(day), ruler=RULER, plan=count)
WAIVER = record(id=is_str, kind=one_of('waiver', 'known-at-onboarding'), control=null_or(text), scope=some(record(maybe={'check': text, 'source': text, 'subjects': some(text)})),
                reason=text, from_=instant, expires=instant, compensatingControl=null_or(text))
FROZEN = record(id=is_str, period=is_str, title=text, collector=text, collections=array(count), scopes=array(text), from_=instant, to=instant, final=is_bool, complete=is_bool,
                count=count, digest=digest, reconciliation=array(record(with_=text, count=null_or(count), difference=null_or(is_int), explanation=null_or(is_str))), maybe={'supersedes': is_str})
MITIGATION = record(id=is_str, rule=text, persons=null_or(some(text)), control=text, check=record(id=text, source=null_or(text), subject=null_or(text)), owner=text, reason=text,
                    from_=instant, expires=instant)
RECONCILED = array(record(with_=text, count=null_or(count), difference=null_or(is_int), explanation=null_or(is_str)))
REVIEW = record(id=is_str, definition=text, occasion=text, count=count, digest=digest, opened=instant, due=instant, systems=array(record(
    system=text, collections=array(count), accounts=count, lines=count, complete=is_bool, reconciliation=RECONCILED,
    since=null_or(record(review=text, added=count, removed=count, unchanged=count)))))
DOCUMENT = record(id=is_str, type=text, title=text, upload=count, controls=array(text), effective=day, covers=null_or(record(from_=day, to=day)), providedBy=text, obtained=text,
                  supersedes=null_or(is_str), facts=lambda v: is_object(v) and all(map(is_str, v.values())))
PAYLOADS = {kind: record(type=exactly(kind), **members) for kind, members in {
    'adopt-control': dict(controls=array(text)), 'retire-control': dict(controls=array(text)), 'import-controls': dict(controls=array(text)),
    'scope': dict(rules=array(anything), digest=digest), 'register-person': dict(person=PERSON),
    'revoke-person': dict(person=is_str, key=null_or(is_str), from_=instant), 'open-period': dict(period=PERIOD),
    'amend-period': dict(period=is_str, ruler=RULER, loosens=array(is_str), tightens=array(is_str)),
    'close-period': dict(period=is_str, cutOff=instant, reportDate=null_or(day)), 'waive': dict(waiver=WAIVER), 'end-waiver': dict(waiver=is_str),
    'dispose': dict(deviation=is_str, disposition=one_of('candidate', 'confirmed', 'false-positive'),
                    cause=null_or(one_of('person', 'process', 'system', 'third-party', 'design', 'unknown'))),
    'respond': dict(deviation=is_str, owner=null_or(text), response=null_or(text), compensatingControl=null_or(text),
                    remediation=null_or(record(what=text, evidence=array(count))),
                    retest=null_or(record(result=one_of('no-failures-observed', 'failures-observed'), evidence=array(count)))),
    'freeze-population': dict(population=FROZEN),
    'draw-sample': dict(population=is_str, digest=digest, seed=text, size=positive, selection=array(record(id=is_str, rank=is_str)), maybe={'strata': exactly('month')}),
    'observe': dict(nonce=text, collections=array(count), attachments=array(record(name=text, bytes=count, sha256=is_str)),
                    counts=array(record(collector=text, scope=text, seen=count, onScreen=count))),
    'link-account': dict(link=record(account=text, to=either(record(kind=exactly('person'), person=text), record(kind=exactly('service-account'), serviceAccount=text),
                                                             record(kind=exactly('nobody'))))),
    'register-service-account': dict(serviceAccount=record(id=fitting('[a-z0-9][a-z0-9._-]{0,60}'), accounts=some(text), owner=text, purpose=text, expires=null_or(day))),
    'mitigate': dict(mitigation=MITIGATION), 'end-mitigation': dict(mitigation=text), 'start-review': dict(review=REVIEW),
    'assign-review': dict(review=text, assignments=some(record(reviewer=text, lines=some(text)))),
    'decide-review': dict(review=text, lines=some(record(line=text, decision=one_of('keep', 'modify', 'revoke', 'exception'), reason=is_str, expires=null_or(day))),
                          file=null_or(is_str), secondsPerLine=null_or(lambda v: is_number(v) and v >= 0)),
    'close-review': dict(review=text), 'explain-record': dict(examination=text, record=text, explanation=text, expires=null_or(day)), 'add-document': dict(document=DOCUMENT),
    'approve': dict(of=count), 'refuse': dict(of=count), 'withdraw': dict(of=count)}.items()}
def payload(value): return is_object(value) and is_str(value.get('type')) and value['type'] in PAYLOADS and PAYLOADS[value['type']](value)
DECISION = record(v=version_one, payload=payload, signature=null_or(record(signedText=is_str, sshsig=is_str, key=is_str)))
SIGNED_DECISION = record(v=version_one, origin=is_str, head=record(size=positive, root=hash32), nonce=text, signedAt=instant, person=is_str, decision=one_of(*DECISIONS),
                         subjects=array(is_str), reason=is_str, payload=payload)
MANIFEST = record(format=one_of('proofline/1 export'), generatedAt=instant, origin=is_str, size=count, root=hash32, range=record(from_=count, to=count), files=FILES)


# --- 6, 7, 8: keys, notes, time stamps, by openssl -----------------------------------------------------------------------------------------
def openssl(files, *arguments):
    with tempfile.TemporaryDirectory() as directory:
        for name, data in files.items():
            with open(os.path.join(directory, name), 'wb') as file: file.write(data)
        try: done = subprocess.run(('openssl',) + arguments, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except FileNotFoundError: return None
        return done.stdout if done.returncode == 0 else None

@functools.lru_cache(maxsize=None)
def signed_by(key, message, signature):
    pem = b'-----BEGIN PUBLIC KEY-----\n' + base64.b64encode(bytes.fromhex('302a300506032b6570032100') + key) + b'\n-----END PUBLIC KEY-----\n'
    return openssl({'k': pem, 'm': message, 's': signature}, 'pkeyutl', '-verify', '-pubin', '-inkey', 'k', '-rawin', '-in', 'm', '-sigfile', 's') is not None

def read_vkey(vkey):
    """(name, key id, raw public key)"""
    name, key_id, typed = (vkey.split('+', 2) + ['', ''])[:3]
    raw = strict_base64(typed, 33)
    if raw[0] != 1 or not name or re.search(r'\s', name) or sha256(name.encode() + b'\n' + raw)[:4].hex() != key_id: raise Wrong('not a vkey')
    return name, key_id, raw[1:]

def sign_key_id(key): return 'sign-' + sha256(key).hex()[:32]

def open_note(note, vkey):
    """The text of a note that this key signed."""
    name, key_id, key = read_vkey(vkey)
    text, found, lines = note.rpartition('\n\n')
    if not found or not note.endswith('\n') or re.search('[\0-\x09\x0b-\x1f]', note): raise Wrong('not a signed note')
    good = False
    for line in lines[:-1].split('\n'):
        match = re.fullmatch('\u2014 ([^ \n]+) ([^ \n]+)', line)
        if not match: raise Wrong('a signature line of a note is malformed')
        data = strict_base64(match.group(2))
        if len(data) <= 4: raise Wrong('a signature of a note is too short')
        if match.group(1) != name or data[:4].hex() != key_id: continue
        if good or not signed_by(key, (text + '\n').encode(), data[4:]): raise Wrong('a signature of a note is wrong')
        good = True
    if not good: raise Wrong('a note is not signed by a known key')
    return text + '\n'

def read_checkpoint(text):
    match = re.fullmatch('([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n', text)
    if not match or int(match.group(2)) >= 2 ** 53: raise Wrong('not a checkpoint')
    strict_base64(match.group(3), 32)
    return match.group(1), int(match.group(2)), match.group(3)

@functools.lru_cache(maxsize=None)
def read_stamp(token):
    """The token's own time, as a time of the format; None when it is no token over a SHA-256."""
    text = (openssl({'t': token}, 'ts', '-reply', '-token_in', '-in', 't', '-text') or b'').decode('utf-8', 'replace')
    match = re.search(r'^Time stamp: (\w{3}) +(\d+) (\d\d:\d\d:\d\d)(\.\d+)? (\d{4}) GMT$', text, re.M)
    if not match or not re.search('^Hash Algorithm: sha256$', text, re.M): return None
    month, day, clock, fraction, year = match.groups()
    parsed = time.strptime('%s %s %s %s' % (year, month, day, clock), '%Y %b %d %H:%M:%S')
    return time.strftime('%Y-%m-%dT%H:%M:%S.', parsed) + ((fraction or '.')[1:] + '000')[:3] + 'Z'

@functools.lru_cache(maxsize=None)
def stamp_holds(token, note, roots):
    """By certificates in `roots` (PEM), or when there are none by whatever certificate is in the token; at the token's own time."""
    at = str(milliseconds(read_stamp(token)) // 1000)
    partial = () if roots else ('-partial_chain',)
    trusted = roots or openssl({'t': token}, 'pkcs7', '-inform', 'DER', '-in', 't', '-print_certs')
    if trusted is None:  # Older openssl reads CMS only with -cmsout.
        return False
    return openssl({'t': token, 'n': note, 'c': trusted}, 'ts', '-verify', '-token_in', '-in', 't', '-data', 'n', '-CAfile', 'c', '-attime', at, *partial) is not None

def token_of(token):
    """The bytes as one DER ContentInfo and nothing after it."""
    if len(token) < 4 or token[0] != 0x30: raise Wrong('its receipt is not a time-stamp token')
    length, header = (token[1], 2) if token[1] < 0x80 else (int.from_bytes(token[2:2 + (token[1] & 0x7f)], 'big'), 2 + (token[1] & 0x7f))
    if header + length != len(token): raise Wrong('its receipt is not a time-stamp token')
    return token

def milliseconds(at): return calendar.timegm(time.strptime(at[:19], '%Y-%m-%dT%H:%M:%S')) * 1000 + int(at[20:23])
def span(ms):
    minutes = round(ms / 60000)
    return '%d min' % minutes if minutes < 120 else '%d h %d min' % divmod(minutes, 60)


# --- 9: the directory ----------------------------------------------------------------------------------------------------------------------
class Export:
    """The files of an export; what is wrong with them is on the sheet."""
    NAMES = ('README.txt', 'blobs.txt', 'checkpoint', 'checkpoints.jsonl', 'entries.jsonl', 'vkeys.txt')

    def __init__(self, directory, sheet, pinned=None):
        self.directory, self.sheet, self.pinned, self.open_files = directory, sheet, pinned, {}
        self.present = set()
        for base, folders, files in os.walk(directory):
            links = [one for one in folders if os.path.islink(os.path.join(base, one))]
            self.present.update(os.path.relpath(os.path.join(base, one), directory).replace(os.sep, '/') for one in files + links)
        raw = self.read('manifest.json')
        self.manifest = self.one_line(raw)
        if not MANIFEST(self.manifest): raise Wrong('manifest.json is missing or malformed')
        self.origin, self.size = self.manifest['origin'], self.manifest['size']
        self.start, self.end = self.manifest['range']['from'], self.manifest['range']['to']
        self.whole = self.start == 0 and self.end == self.size
        if not self.start < self.end <= self.size: raise Wrong('manifest.json names a part that cannot be')
        self.compare_files()
        self.vkeys = [line.decode('utf-8', 'replace') for _, line in self.lines('vkeys.txt')]
        self.check_binding(raw)
        self.read_checkpoints()
        self.read_blobs()
        self.left = self.right = self.outside = self.starts = ()
        if not self.whole: self.read_part()
        sheet.hold('export-files', '%d files, each as manifest.json says; made %s' % (len(self.manifest['files']), self.manifest['generatedAt']))

    def wrong(self, message): self.sheet.fail('export-files', None, message)

    def file(self, path):
        if path not in self.open_files:
            full = os.path.join(self.directory, path)
            if os.path.islink(full) or not os.path.isfile(full): raise Wrong('%s is not a plain file' % path)
            if len(self.open_files) > 8: self.close()
            self.open_files[path] = open(full, 'rb')
        return self.open_files[path]

    def close(self):
        for file in self.open_files.values(): file.close()
        self.open_files = {}

    def read(self, path):
        if path not in self.present: return b''
        file = self.file(path)
        file.seek(0)
        return file.read()

    def lines(self, path):
        """(offset, line) of a file in which every line ends in a newline."""
        if path not in self.present: return
        offset = 0
        while True:
            file = self.file(path)
            file.seek(offset)
            line = file.readline()
            if not line: return
            if not line.endswith(b'\n'): return self.wrong('%s does not end in a newline' % path)
            yield offset, line[:-1]
            offset += len(line)

    @staticmethod
    def one_line(raw):
        try: return parse(raw[:-1]) if raw.endswith(b'\n') else None
        except Wrong: return None

    def json_lines(self, path, shape, optional=False):
        if not optional and path not in self.present: self.wrong('%s is missing' % path)
        good = []
        for number, (_, line) in enumerate(self.lines(path)):
            try: value = parse(line)
            except Wrong: value = None
            if shape(value): good.append(value)
            else: self.wrong('%s: line %d is malformed' % (path, number + 1))
        return good

    def compare_files(self):
        listed = [one['path'] for one in self.manifest['files']]
        if any(before >= after for before, after in zip(listed, listed[1:])): self.wrong('manifest.json is not sorted')
        for path in sorted(self.present - set(listed) - {'manifest.json', 'manifest.note', 'manifest.sha256'}): self.wrong('%s is not listed' % path)
        for path in self.NAMES:
            if path not in listed: self.wrong('manifest.json does not list %s' % path)
        for one in self.manifest['files']:
            path = one['path']
            part_file = not self.whole and path in ('outside.jsonl', 'range.json', 'starts.jsonl')
            if path not in self.NAMES and not part_file and not re.fullmatch(r'anchors/[0-9]+\.(note|tst)', path): self.wrong('%s does not belong here' % path)
            if path not in self.present: self.wrong('%s is missing' % path); continue
            made, length, file = hashlib.sha256(), 0, self.file(path)
            file.seek(0)
            for chunk in iter(lambda: file.read(1 << 20), b''): made.update(chunk); length += len(chunk)
            if made.hexdigest() != one['sha256'] or length != one['bytes']: self.wrong('%s is not what manifest.json says' % path)

    def check_binding(self, raw):
        digest_line, fail = sha256(raw).hex(), functools.partial(self.sheet.fail, 'export-signature', None)
        note, plain = 'manifest.note' in self.present, 'manifest.sha256' in self.present
        if note == plain: fail('exactly one of manifest.note and manifest.sha256 must be there')
        elif note:
            try:
                text = self.read('manifest.note').decode('utf-8')
                body = 'proofline/1 export\nsha256:%s\n' % digest_line
                opened = open_note(text, self.vkeys[-1] if self.vkeys else '')
                if opened != body or text[len(body) + 1:].count('\n') != 1: fail('manifest.note is about another manifest.json')
            except (Wrong, UnicodeDecodeError) as error: fail('manifest.note: %s' % error)
        elif self.read('manifest.sha256') != b'%s  manifest.json\n' % digest_line.encode(): fail('manifest.sha256 is about another manifest.json')
        elif self.pinned is not None: fail('no key signed the export: the key you gave vouches for nothing but the log in it; ask for a signed one')
        else: self.sheet.warn('export-signature', None, 'no key signed the export: what is not in the log itself (README.txt, the time it was made) may be the words of anybody; ask for a signed one')
        self.sheet.hold('export-signature', 'signed by the key of the log')

    def read_checkpoints(self):
        self.checkpoints = self.json_lines('checkpoints.jsonl', record(size=count, root=hash32, note=is_str))
        last = self.checkpoints[-1] if self.checkpoints else {'size': None, 'root': None, 'note': ''}
        if (last['size'], last['root']) != (self.size, self.manifest['root']): self.wrong('the latest checkpoint is not that of manifest.json')
        if self.read('checkpoint') != last['note'].encode('utf-8', 'surrogatepass'): self.wrong('checkpoint is not the latest of checkpoints.jsonl')

    def read_blobs(self):
        self.places = {}
        for offset, line in self.lines('blobs.txt'):
            match = re.match(rb'([A-Za-z0-9+/]{43}=) (?:erased (0|[1-9][0-9]*)$|(withheld)$|([A-Za-z0-9+/]{22}==) )', line)
            commitment = match and match.group(1).decode()
            if not match or not hash32(commitment) or (match.group(4) and b64(base64.b64decode(match.group(4))).encode() != match.group(4)):
                self.wrong('blobs.txt: the line at byte %d is malformed' % offset)
            elif commitment in self.places: self.wrong('blobs.txt: blob %s is there twice' % commitment)
            elif match.group(2): self.places[commitment] = int(match.group(2))
            elif match.group(3): self.places[commitment] = WITHHELD
            else: self.places[commitment] = (offset + match.end(), len(line) - match.end(), base64.b64decode(match.group(4)))
        self.unused = set(self.places)

    def blob(self, commitment):
        """(salt, bytes), the index of the erasure, WITHHELD, or None."""
        place = self.places.get(commitment)
        self.unused.discard(commitment)
        if not isinstance(place, tuple): return place
        file = self.file('blobs.txt')
        file.seek(place[0])
        return place[2], file.read(place[1])

    def read_part(self):
        proof = self.one_line(self.read('range.json'))
        good = record(from_=count, to=count, size=count, left=array(hash32), right=array(hash32))(proof)
        if not good or (proof['from'], proof['to'], proof['size']) != (self.start, self.end, self.size): raise Wrong('range.json is missing, malformed or about another part')
        self.left, self.right = [[strict_base64(one) for one in proof[side]] for side in ('left', 'right')]
        if len(self.left) != bin(self.start).count('1'): raise Wrong('range.json has another number of hashes than the part needs')
        self.outside = self.json_lines('outside.jsonl', record(index=count, entry=is_str, hashes=array(hash32)), True)
        order = [one['index'] for one in self.outside]
        if any(a >= b for a, b in zip(order, order[1:])) or any(self.start <= one < self.end for one in order): self.wrong('outside.jsonl is not in order, or not outside')
        stream = lambda value: array(is_str, 3)(value) and len(value) > 1
        self.starts = self.json_lines('starts.jsonl', record(stream=stream, pairs=null_or(array(pair))), self.start == 0)


# --- 12: decisions by people ---------------------------------------------------------------------------------------------------------------
def der(tag, *parts):
    body = b''.join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, 'big')
    return bytes((tag,)) + (bytes((len(body),)) if len(body) < 128 else bytes((0x80 | len(size),)) + size) + body

class Wire:
    """The binary encoding of RFC 4251, section 5."""
    def __init__(self, data): self.data = data
    def take(self, size):
        if size > len(self.data): raise Wrong('it ends in the middle')
        taken, self.data = self.data[:size], self.data[size:]
        return taken
    def string(self): return self.take(int.from_bytes(self.take(4), 'big'))
    def text(self):
        try: return self.string().decode('utf-8')
        except UnicodeDecodeError: raise Wrong('not UTF-8')
    def positive(self):
        number = self.string()
        if number[:1] >= b'\x80': raise Wrong('a number is negative')
        return number
    def end(self):
        if self.data: raise Wrong('something follows it')
def wire(*parts): return b''.join(len(part).to_bytes(4, 'big') + part for part in parts)
def fingerprint(blob): return 'SHA256:' + b64(sha256(blob)).rstrip('=')

def ssh_key(blob):
    """(type, SubjectPublicKeyInfo, what a security key was made for)"""
    parts = Wire(blob)
    kind, application = parts.text(), b''
    if kind in ('ssh-ed25519', 'sk-ssh-ed25519@openssh.com'):
        raw = parts.string()
        if kind != 'ssh-ed25519': application = parts.string()
        if len(raw) != 32: raise Wrong('an Ed25519 public key is 32 bytes')
        info = bytes.fromhex('302a300506032b6570032100') + raw
    elif kind == 'ecdsa-sha2-nistp256':
        curve, point = parts.text(), parts.string()
        if curve != 'nistp256' or len(point) != 65 or point[0] != 4: raise Wrong('not an uncompressed point of nistp256')
        info = bytes.fromhex('3059301306072a8648ce3d020106082a8648ce3d030107034200') + point
    elif kind == 'ssh-rsa':
        e, n = parts.positive(), parts.positive()
        if len(n.lstrip(b'\0')) < 256: raise Wrong('an RSA key of less than 2048 bits is not taken')
        info = der(0x30, bytes.fromhex('300d06092a864886f70d0101010500'), der(3, b'\0', der(0x30, der(2, n), der(2, e))))
    else: raise Wrong('keys of type "%s" are not taken' % kind)
    parts.end()
    return kind, info, application

def ssh_line(line):
    """The key in a line of a public key file, in its wire form."""
    kind, encoded = (line.split() + ['', ''])[:2]
    blob = strict_base64(encoded)
    if ssh_key(blob)[0] != kind: raise Wrong('the line names another type than its key')
    return blob

@functools.lru_cache(maxsize=None)
def ssh_signed(message, armoured):
    """The key, in its wire form, that made this signature over the message in our namespace."""
    lines = armoured.strip().split('\n')
    if len(lines) < 2 or lines[0] != '-----BEGIN SSH SIGNATURE-----' or lines[-1] != '-----END SSH SIGNATURE-----': raise Wrong('not an SSH signature')
    parts = Wire(strict_base64(''.join(lines[1:-1])))
    if parts.take(6) != b'SSHSIG' or parts.take(4) != b'\0\0\0\1': raise Wrong('not an SSH signature of version 1')
    blob, namespace, _, name, signature = parts.string(), parts.text(), parts.string(), parts.text(), Wire(parts.string())
    parts.end()
    if name not in ('sha256', 'sha512'): raise Wrong('the hash of the signature is not taken')
    kind, info, application = ssh_key(blob)
    if namespace != 'proofline-decision': raise Wrong('the signature was made for the namespace "%s"' % namespace)
    data = b'SSHSIG' + wire(namespace.encode(), b'', name.encode(), hashlib.new(name, message).digest())
    algorithm, raw, extra = signature.text(), signature.string(), ()
    if kind == 'sk-ssh-ed25519@openssh.com':
        flags, counter = signature.take(1), signature.take(4)
        if not flags[0] & 1: raise Wrong('the security key was not touched')
        data = sha256(application) + flags + counter + sha256(data)
    elif kind == 'ecdsa-sha2-nistp256':
        numbers = Wire(raw)
        raw, extra = der(0x30, der(2, numbers.positive()), der(2, numbers.positive())), ('-digest', 'sha256')
        numbers.end()
    elif kind == 'ssh-rsa':
        if algorithm not in ('rsa-sha2-256', 'rsa-sha2-512'): raise Wrong('signatures of this kind are not taken')
        kind, extra = algorithm, ('-digest', 'sha' + algorithm[-3:])
    signature.end()
    pem = b'-----BEGIN PUBLIC KEY-----\n' + base64.encodebytes(info) + b'-----END PUBLIC KEY-----\n'
    done = openssl({'k': pem, 'm': data, 's': raw}, 'pkeyutl', '-verify', '-pubin', '-inkey', 'k', '-rawin', *extra, '-in', 'm', '-sigfile', 's')
    if algorithm != kind or done is None: raise Wrong('the signature is over something else, or was not made by its key')
    return blob

def minutes(period):
    parts = re.fullmatch(r'P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?', period).groups()
    weeks, days, hours, rest = (int(part or 0) for part in parts)
    return ((weeks * 7 + days) * 24 + hours) * 60 + rest

LAST = 2 ** 53 - 1
def compare_rulers(before, after):
    """What the second lets through that the first does not, and the other way round: sentences."""
    loosens, tightens = [], []
    def say(difference, sentence):
        if difference: (loosens if difference > 0 else tightens).append(sentence)
    def compare(name, old, new): say(minutes(new) - minutes(old), '%s: %s becomes %s' % (name, old, new))
    for kind in ('critical', 'standard', 'roster', 'events'):
        for key in ('lateAfter', 'gapAfter', 'materialAfter'): compare('thresholds.%s.%s' % (kind, key), before['thresholds'][kind][key], after['thresholds'][kind][key])
    compare('flappingWithin', before['flappingWithin'], after['flappingWithin'])
    compare('graceForNew', before['graceForNew'] or 'PT0M', after['graceForNew'] or 'PT0M')
    words = {'hours': 'hours', 'businessDays': 'business days'}
    for severity in ('critical', 'high', 'medium', 'low'):
        (unit, old), = before['sla'][severity].items()
        (other, new), = after['sla'][severity].items()
        incomparable = '' if unit == other else ' (not comparable: taken for loosening)'
        say(new - old if unit == other else 1, 'sla.%s: %d %s become %d %s%s' % (severity, old, words[unit], new, words[other], incomparable))
    old, new = before['calendar'], after['calendar']
    for number in range(1, 8):
        was, now = number in old['workingDays'], number in new['workingDays']
        if was != now: say(1 if was else -1, 'calendar.workingDays: day %d is %s' % (number, 'worked' if now else 'no longer worked'))
    for holiday in sorted(set(old['holidays'] + new['holidays'])):
        was, now = holiday in old['holidays'], holiday in new['holidays']
        if was != now: say(1 if now else -1, 'calendar.holidays: %s is %s' % (holiday, 'added' if now else 'removed'))
    tables = before['sampleSizes'], after['sampleSizes']
    def size(table, frequency, number):
        found = [row['size'] for row in table if row['frequency'] == frequency and (row['upTo'] is None or number <= row['upTo'])]
        return 0 if not found else float('inf') if found[0] == 'all' else found[0]
    shown = lambda number: 'all' if number == float('inf') else str(number)
    for frequency in sorted({row['frequency'] for table in tables for row in table}, key=lambda name: name.encode('utf-16-be')):
        bounds = {row['upTo'] for table in tables for row in table if row['frequency'] == frequency and row['upTo'] is not None}
        for number in sorted({1, LAST} | bounds | {bound + 1 for bound in bounds}):
            was, now = (size(table, frequency, number) for table in tables)
            if was != now: say(1 if now < was else -1, 'sampleSizes: %s, %s: %s become %s' % (frequency, 'of more' if number == LAST else 'of %d' % number, shown(was), shown(now)))
    return loosens, tightens

def plain_name(name): return re.sub(r'\s+', ' ', unicodedata.normalize('NFKC', name).lower()).strip()
def same_person(left, right):
    """(whether two deciders are one, whether only names could be compared); a decider is (name, id in the register or None)."""
    if left[1] is not None and right[1] is not None: return left[1] == right[1], False
    names = lambda actor: {plain_name(part) for part in actor if part is not None}
    return bool(names(left) & names(right)), True

class Register:
    """One reading of all decisions in order, under the revocations known to hold: fingerprint -> (from, index)."""
    def __init__(self, origin, root_at, is_upload, known):
        self.origin, self.root_at, self.is_upload, self.known = origin, root_at, is_upload, known
        self.mitigations, self.reviews, self.documents = set(), {}, set()
        self.persons, self.revoked, self.nonces, self.taken, self.periods, self.waivers, self.populations = {}, {}, {}, {}, {}, set(), {}
        self.refused, self.remarks = [], []

    def read(self, index, value, detail):
        wrong = []
        what, signature = self.content(value, detail, wrong)
        if what is not None:
            if what['type'] != value['decision']: wrong.append('its detail is of a decision of kind "%s"' % what['type'])
            actor = self.actor(index, value, what, signature, wrong)
            roles = self.persons[actor[1]]['person']['roles'] if actor[1] in self.persons else None
            if roles == ['auditor'] and what['type'] not in ('draw-sample', 'observe'): wrong.append('an auditor decides nothing that is management\'s')
            if roles is not None and what['type'] == 'draw-sample' and 'auditor' not in roles: wrong.append('only an auditor draws a sample')
            self.rules(what, value['at'], actor, wrong, index)
        if wrong: return self.refused.append((index, '%s by "%s" does not count: %s' % (value['decision'], value['actor']['name'], '; '.join(wrong))))
        if actor[1] is None: self.remarks.append((index, '%s by "%s": identity not authenticated' % (what['type'], actor[0])))
        self.take(index, what, value['at'], actor)

    @staticmethod
    def content(value, detail, wrong):
        if detail is ERASED: wrong.append('its detail is erased: what was decided cannot be known any more')
        elif detail is not None: return detail['payload'], detail['signature']
        elif value['decision'] in ('adopt-control', 'retire-control', 'import-controls'): return {'type': value['decision'], 'controls': value['subjects']}, None
        else: wrong.append('it has no detail: what was decided is not recorded')
        return None, None

    def actor(self, index, value, what, signature, wrong):
        name, authentication = value['actor']['name'], value['actor']['authentication']
        if signature is None:
            if authentication == 'personal-key': wrong.append('it says that it was signed with a personal key, and carries no signature')
            if authentication == 'schedule': wrong.append('a schedule decides nothing')
            if value['decision'] == 'draw-sample': wrong.append('a sample is drawn by the auditor, with a key registered to him')
            return name, None
        if authentication != 'personal-key': wrong.append('it carries a signature and says that nobody was authenticated')
        try: said, key = self.signed(value, what, signature)
        except Wrong as error:
            wrong.append(str(error))
            return name, None
        if said['origin'] != self.origin: wrong.append('it was signed for another log: %s' % said['origin'])
        size, root = said['head']['size'], said['head']['root']
        if size > index: wrong.append('it was signed over entries that did not exist yet')
        elif self.root_at(size) is not UNKNOWN and self.root_at(size) != root: wrong.append('the head it was signed over is not a head of this log')
        if said['nonce'] in self.nonces: wrong.append('its nonce was used before, by entry %d' % self.nonces[said['nonce']])
        self.nonces.setdefault(said['nonce'], index)
        if milliseconds(said['signedAt']) > milliseconds(value['at']) + 60000: wrong.append('it says it was signed after it was recorded')
        person = self.persons.get(said['person'])
        if person is None: wrong.append('"%s" is not a registered person' % said['person'])
        elif key not in person['keys']: wrong.append('the key %s is not registered to "%s"' % (key, said['person']))
        elif key in self.known and self.known[key][0] <= value['at'] and self.known[key][1] != index:
            wrong.append('the key %s is revoked from %s on' % (key, self.known[key][0]))
        if person is not None and person['person']['name'] != name: wrong.append('it names "%s", and "%s" is registered under another name' % (name, said['person']))
        return name, said['person']

    @staticmethod
    def signed(value, what, signature):
        message = signature['signedText'].encode('utf-8', 'surrogatepass')
        key = fingerprint(ssh_signed(message, signature['sshsig']))
        if key != signature['key']: raise Wrong('it names another key than the one it was signed with')
        said = parse(message)
        if not SIGNED_DECISION(said): raise Wrong('what was signed is not a decision')
        recorded = {'decision': value['decision'], 'subjects': value['subjects'], 'reason': value['reason'], 'payload': what}
        if canonical({name: said[name] for name in recorded}) != canonical(recorded): raise Wrong('what was signed is another decision than the one recorded')
        return said, key

    def rules(self, what, at, actor, wrong, index):
        kind = what['type']
        if kind in ('register-person', 'revoke-person'): self.registrar(what, at, actor, wrong)
        if kind == 'register-person':
            for line in what['person']['keys']:
                try: key = fingerprint(ssh_line(line))
                except Wrong as error: wrong.append('not an OpenSSH public key: %s' % error); continue
                if any(key in other['keys'] for name, other in self.persons.items() if name != what['person']['id']): wrong.append('the key %s is registered to somebody else' % key)
                if key in self.revoked: wrong.append('the key %s was revoked' % key)
        elif kind == 'revoke-person':
            person = self.persons.get(what['person'])
            if person is None: wrong.append('"%s" is not a registered person' % what['person'])
            elif what['key'] is not None and what['key'] not in person['keys']: wrong.append('the key %s is not registered to "%s"' % (what['key'], what['person']))
        elif kind == 'open-period':
            if what['period']['id'] in self.periods: wrong.append('the period "%s" is open already' % what['period']['id'])
        elif kind == 'amend-period': self.amendment(what, wrong)
        elif kind == 'close-period':
            period = self.open_period(what, wrong)
            if period is not None and at < period['to']: wrong.append('"%s" had not ended yet' % what['period'])
        elif kind == 'waive':
            if what['waiver']['id'] in self.waivers: wrong.append('the waiver "%s" is there already' % what['waiver']['id'])
            if what['waiver']['expires'] <= what['waiver']['from']: wrong.append('it expires before it begins')
        elif kind == 'end-waiver':
            if what['waiver'] not in self.waivers: wrong.append('there is no waiver "%s"' % what['waiver'])
        elif kind == 'freeze-population':
            frozen = what['population']
            former = self.populations.get(frozen.get('supersedes'))
            if frozen['id'] in self.populations: wrong.append('the population "%s" is frozen already' % frozen['id'])
            if 'supersedes' in frozen and former is None: wrong.append('it takes the place of "%s", which was not frozen' % frozen['supersedes'])
            elif former is not None and former['period'] != frozen['period']: wrong.append('it takes the place of a population of the period "%s"' % former['period'])
        elif kind == 'draw-sample':
            frozen, rows = self.populations.get(what['population']), what['selection']
            if frozen is None: return wrong.append('the population "%s" was not frozen before it was drawn from' % what['population'])
            if frozen['digest'] != what['digest']: wrong.append('the population "%s" was frozen with another digest' % what['population'])
            if len(rows) != what['size'] or what['size'] > frozen['count']: wrong.append('it names %d rows as a sample of %d of %d' % (len(rows), what['size'], frozen['count']))
            if len({row['id'] for row in rows}) != len(rows): wrong.append('it names a row twice')
            key = what['seed'].encode('utf-8', 'surrogatepass')
            for row in rows:
                if hmac.new(key, row['id'].encode('utf-8', 'surrogatepass'), hashlib.sha256).hexdigest() != row['rank']:
                    wrong.append('the rank of "%s" is not what the seed gives' % row['id']); break
            if 'strata' not in what and any(after['rank'] < before['rank'] for before, after in zip(rows, rows[1:])): wrong.append('its rows are not in the order of their ranks')
        elif kind == 'mitigate':
            if what['mitigation']['id'] in self.mitigations: wrong.append('the mitigation "%s" is there already' % what['mitigation']['id'])
            if what['mitigation']['expires'] <= what['mitigation']['from']: wrong.append('it expires before it begins')
        elif kind == 'end-mitigation':
            if what['mitigation'] not in self.mitigations: wrong.append('there is no mitigation "%s"' % what['mitigation'])
        elif kind == 'start-review':
            if what['review']['id'] in self.reviews: wrong.append('the review "%s" was started already' % what['review']['id'])
        elif kind in ('assign-review', 'decide-review', 'close-review'):
            closed, named = self.reviews.get(what['review']), []
            if kind == 'assign-review': named = [line for one in what['assignments'] for line in one['lines']]
            if kind == 'decide-review': named = [one['line'] for one in what['lines']]
            if closed is None: wrong.append('the review "%s" was not started' % what['review'])
            elif closed: wrong.append('the review "%s" is closed' % what['review'])
            if len(set(named)) != len(named): wrong.append('it names a line twice')
        elif kind == 'add-document':
            document = what['document']
            if document['id'] in self.documents: wrong.append('the document "%s" is there already' % document['id'])
            if document['upload'] >= index or self.is_upload(document['upload']) is False: wrong.append('entry %d is not an earlier upload' % document['upload'])
            if document['supersedes'] is not None and document['supersedes'] not in self.documents: wrong.append('it takes the place of "%s", which is not there' % document['supersedes'])
        elif kind in ('approve', 'refuse', 'withdraw'):
            target = self.taken.get(what['of'])
            if target is None: return wrong.append('entry %d is not an earlier decision that holds' % what['of'])
            if not target['two']: wrong.append('entry %d takes effect without a second person' % what['of'])
            if target['ended']: wrong.append('entry %d was refused or withdrawn' % what['of'])
            if target['approved']: wrong.append('entry %d was approved already' % what['of'])
            if kind == 'approve' and target['what']['type'] == 'amend-period': self.amendment(target['what'], wrong)
            same, _ = same_person(target['actor'], actor)
            if same and kind != 'withdraw': wrong.append('one person on both sides: "%s" made entry %d' % (actor[0], what['of']))
            if not same and kind == 'withdraw': wrong.append('only who made entry %d can withdraw it' % what['of'])

    def open_period(self, what, wrong):
        period = self.periods.get(what['period'])
        if period is None: wrong.append('there is no period "%s"' % what['period'])
        elif period['closed']: wrong.append('the period "%s" is closed' % what['period'])
        else: return period

    def amendment(self, what, wrong):
        period = self.open_period(what, wrong)
        if period is not None and compare_rulers(period['ruler'], what['ruler']) != (what['loosens'], what['tightens']):
            wrong.append('what it is said to loosen and to tighten is not what the ruler before and the ruler after give')

    def registrar(self, what, at, actor, wrong):
        registers = what['type'] == 'register-person'
        name = what['person']['id'] if registers else what['person']
        known = self.persons.get(name)
        if actor[1] is None:
            if registers and known is not None: wrong.append('"%s" is registered already: his keys and roles change by a decision that is signed' % name)
            if not registers and milliseconds(what['from']) < milliseconds(at) - 60000: wrong.append('without a key a revocation holds from now on, and does not reach back')
            return
        signer = self.persons.get(actor[1])
        promotes = registers and not set(what['person']['roles']) <= set(known['person']['roles'] if known else ())
        if (signer is None or 'management' not in signer['person']['roles']) and (actor[1] != name or promotes):
            wrong.append('"%s" is not registered as management: he speaks for his own keys alone' % actor[1])

    def take(self, index, what, at, actor):
        kind = what['type']
        two = kind in ('waive', 'mitigate', 'explain-record', 'add-document') or (kind == 'amend-period' and what['loosens'] != []) or (kind == 'dispose' and what['disposition'] == 'false-positive')
        self.taken[index] = {'what': what, 'actor': actor, 'two': two, 'approved': False, 'ended': False}
        if kind == 'register-person': self.persons[what['person']['id']] = {'person': what['person'], 'keys': {fingerprint(ssh_line(line)) for line in what['person']['keys']}}
        elif kind == 'revoke-person':
            for key in self.persons[what['person']]['keys']:
                if what['key'] in (None, key) and (key not in self.revoked or what['from'] < self.revoked[key][0]): self.revoked[key] = what['from'], index
        elif kind == 'open-period': self.periods[what['period']['id']] = {'ruler': what['period']['ruler'], 'to': what['period']['to'], 'closed': False}
        elif kind == 'amend-period' and not two: self.periods[what['period']]['ruler'] = what['ruler']
        elif kind == 'close-period': self.periods[what['period']]['closed'] = True
        elif kind == 'waive': self.waivers.add(what['waiver']['id'])
        elif kind == 'freeze-population': self.populations[what['population']['id']] = what['population']
        elif kind == 'mitigate': self.mitigations.add(what['mitigation']['id'])
        elif kind == 'start-review': self.reviews[what['review']['id']] = False
        elif kind == 'close-review': self.reviews[what['review']] = True
        elif kind == 'add-document': self.documents.add(what['document']['id'])
        elif kind in ('refuse', 'withdraw'): self.taken[what['of']]['ended'] = True
        elif kind == 'approve':
            target = self.taken[what['of']]
            target['approved'] = True
            if same_person(target['actor'], actor)[1]: self.remarks.append((index, 'requester and approver were told apart by their names alone: identity not authenticated'))
            if target['what']['type'] == 'amend-period': self.periods[target['what']['period']]['ruler'] = target['what']['ruler']

def judge_decisions(entries, origin, root_at, is_upload):
    """A revocation may reach back; then everything is read again under it, until nothing changes."""
    revoked = {}
    for _ in range(len(entries) + 2):
        register = Register(origin, root_at, is_upload, revoked)
        for entry in entries: register.read(*entry)
        if register.revoked == revoked: break
        revoked = register.revoked
    return register


# --- 10: verifying -------------------------------------------------------------------------------------------------------------------------
class Stream:
    """One stream of manifests."""
    def __init__(self, log, claim):
        self.log, self.claim, self.pairs, self.root = log, claim, {}, None
        self.id_of, self.place_of, self.type_of = {}, {}, {}
    def fail(self, entry, message): self.log.sheet.fail(self.claim, entry, message)

    def begin(self, pairs, entry):
        self.pairs, self.root = (None, UNKNOWN) if pairs is None else (dict(pairs), b64(manifest_root(dict(pairs))))
        if pairs is None: return
        if len(self.pairs) != len(pairs): self.fail(entry, 'the manifest before the part is not a manifest')
        self.open_contents(pairs, entry)

    def open_contents(self, pairs, entry):
        for place, content in pairs:
            value = self.log.open(content, CONTENTS[self.claim], entry, self.claim != 'population')
            if value in (None, ERASED): continue
            named = value['id']
            if self.id_of.setdefault(place, named) != named or self.place_of.setdefault(named, place) != place:
                self.fail(entry, 'the content committed to as %s is about another id than its place in the manifest' % content)
            self.id_of[place], self.place_of[named], self.type_of[content] = named, place, value.get('type')

    def subjects(self):
        if self.pairs is None: return None
        by_type = {}
        for place, content in self.pairs.items():
            if place not in self.id_of or content not in self.type_of: return None
            by_type.setdefault(self.type_of[content], set()).add(self.id_of[place])
        return by_type

    def follow(self, change, entry):
        if change['previous'] != self.root and (self.root is not UNKNOWN or change['previous'] is None): self.fail(entry, 'it does not continue the manifest before it')
        if change['delta'] is not None: self.apply(change['delta'], entry)
        self.root = change['root']
        if change['keyframe'] is not None: self.compare(change['keyframe'], entry)
        if self.pairs is None: return
        moved = change['delta'] is not None or change['keyframe'] is not None or change['previous'] is None
        root = b64(manifest_root(self.pairs)) if moved else change['previous']
        if len(self.pairs) != change['size']: self.fail(entry, '%d pairs where %d are stated' % (len(self.pairs), change['size']))
        if root != change['root']: self.fail(entry, 'its root is not that of the manifest it gives')
        if len(self.pairs) != change['size'] or root != change['root']: self.pairs = None

    def apply(self, commitment, entry):
        delta = self.log.open(commitment, DELTA, entry)
        if delta in (None, ERASED):
            if delta is ERASED: self.log.sheet.warn(self.claim, entry, 'the delta is erased; the manifest is unknown until the next keyframe')
            self.pairs = None
            return
        added, changed, removed = delta['added'], delta['changed'], delta['removed']
        if not added and not changed and not removed: self.fail(entry, 'a delta that changes nothing')
        if not all(in_order(ids) for ids in ([k for k, _ in added], [k for k, _ in changed], removed)): self.fail(entry, 'a delta is not sorted')
        self.open_contents(added + changed, entry)
        if self.pairs is None: return
        touched = [k for k, _ in added + changed] + removed
        fits = (len(set(touched)) == len(touched) and not any(k in self.pairs for k, _ in added) and all(k in self.pairs for k in removed)
                and all(self.pairs.get(k, content) != content for k, content in changed))
        if not fits:
            self.fail(entry, 'a delta does not fit its manifest')
            self.pairs = None
            return
        for key in removed: del self.pairs[key]
        self.pairs.update(dict(added + changed))

    def compare(self, commitment, entry):
        keyframe = self.log.open(commitment, KEYFRAME, entry)
        if keyframe in (None, ERASED): return
        if not in_order([key for key, _ in keyframe['pairs']]): self.fail(entry, 'a keyframe is not sorted')
        pairs = dict(keyframe['pairs'])
        if self.pairs is not None and self.pairs != pairs: self.fail(entry, 'the keyframe is not the manifest that the deltas give')
        self.pairs = pairs


class Schedule:
    """What a log says of its own making: turns of schedules that were taken, missed and failed, and the lives of the processes that took them."""
    def __init__(self, sheet, from_start):
        self.sheet, self.from_start, self.found = sheet, from_start, []
        self.ended, self.done, self.failed, self.misses, self.runs = {}, {}, {}, {}, {}

    def take(self, kind, value, index):
        if kind == 'schedule-miss': self.missed(value, index)
        if kind == 'lifecycle' and 'process' in value: self.lived(value, index)
        if kind not in ('evaluation', 'anchor', 'gap') or 'turn' not in value: return
        schedule, due = value['turn']['schedule'], value['turn']['due']
        if kind == 'gap':
            self.failed[(schedule, due)] = index
            self.done.get(schedule, set()).discard(due)  # What had been sealed for it was of a part of its source.
        else: self.taken(schedule, due, value['source'] if kind == 'evaluation' else 'anchor %s' % value['anchor'], value['at'], index)

    def taken(self, schedule, due, by, at, index):
        warn = lambda message: self.found.append((index, 'the turn of %s due at %s %s' % (schedule, due, message)))
        if (schedule, due, by) in self.ended: warn('is taken twice for %s: entry %d ended it' % (by, self.ended[(schedule, due, by)]))
        self.ended[(schedule, due, by)] = index
        if at < due: warn('is ended before it was due')
        if any(self.gave_up(miss, due) for miss in self.misses.get(schedule, ())): warn('is taken, and is said to be missed')
        self.done.setdefault(schedule, set()).add(due)
        self.failed.pop((schedule, due), None)  # It had failed, and somebody took it after all.

    @staticmethod
    def gave_up(miss, due): return miss['from'] <= due <= miss['to'] and not (miss['late'] and due == miss['to'])

    def missed(self, value, index):
        schedule, first, last = value['schedule'], value['from'], value['to']
        if first > last or (value['count'] == 1) != (first == last):
            self.sheet.fail('schedule', index, '%d turns of %s cannot be due from %s to %s' % (value['count'], schedule, first, last))
        self.found.append((index, '%d turns of %s missed: %s, due %s to %s' % (value['count'], schedule, value['reason'], first, last)))
        if value['at'] < last: self.found.append((index, 'turns of %s are called missed before they were due' % schedule))
        if any(self.gave_up(value, due) for due in self.done.get(schedule, ())): self.found.append((index, 'a turn of %s is said to be missed, and is taken' % schedule))
        self.misses.setdefault(schedule, []).append(value)

    def lived(self, value, index):
        process, event = value['process'], value['event']
        warn = lambda message: self.found.append((index, 'run %s (%s) %s' % (process['run'], process['role'], message)))
        end = event if event in ('stopped', 'ended-unseen') else None
        place, known = (process['role'], process['host'], process['pid']), self.runs.get(process['run'])
        if known is None:
            if event != 'started' and self.from_start: warn('is not said to have started')
            self.runs[process['run']] = {'place': place, 'first': index, 'last': index, 'at': value['at'], 'end': end}
            return
        if event == 'started': warn('starts twice')
        if known['end']: warn('goes on after it stopped')
        if known['place'] != place: warn('is two processes')
        known['end'] = known['end'] or end
        if event != 'ended-unseen': known.update(last=index, at=value['at'])  # That it is gone is said by another.

    def finish(self):
        for run, life in self.runs.items():
            later = any(other['place'][0] == 'serve' and other['first'] > life['last'] for other in self.runs.values())
            if life['end'] == 'ended-unseen' or life['end'] is None and life['place'][0] == 'serve' and later:
                self.found.append((life['last'], 'run %s (%s) ended unseen: this is the last of it, at %s' % (run, life['place'][0], life['at'])))
        misses = [miss for of in self.misses.values() for miss in of]
        late = sum(miss['late'] and miss['to'] in self.done.get(miss['schedule'], ()) for miss in misses)
        for (schedule, due), index in self.failed.items(): self.found.append((index, 'the turn of %s due at %s finally failed' % (schedule, due)))
        schedules = set(self.done) | set(self.misses) | {schedule for schedule, _ in self.failed}
        said = 'nothing in it is said to be done by a schedule'
        if schedules or self.runs:
            said = ('of %d schedules %d turns were taken, %d missed (%d of them taken late) and %d finally failed; %d runs of a process, %d without a stop. '
                    'Only what was recorded: hold the schedules of the plans against it') % (
                len(schedules), sum(map(len, self.done.values())), sum(miss['count'] for miss in misses), late, len(self.failed), len(self.runs),
                sum(life['end'] != 'stopped' for life in self.runs.values()))
        self.sheet.hold('schedule', said)
        if self.found: self.sheet.warn('schedule', None, said)
        for index, message in self.found: self.sheet.warn('schedule', index, message)


class Log:
    """One pass over the statements of an export."""
    def __init__(self, export, sheet, roots):
        self.export, self.sheet, self.roots = export, sheet, roots
        self.tree = Tree(export.start, export.left)
        self.waiting, self.withheld, self.handed = set(), set(), []
        self.keys, self.streams, self.results, self.erased, self.erasures = [], {}, {}, {}, {}
        self.decisions, self.uploads = [], set()
        self.plans, self.collections, self.root_at, self.after, self.last_at, self.next_checkpoint = set(), {}, {}, None, '', 0
        self.entries = self.opened = self.requests = self.incomplete = self.stamped = self.filed = self.longest = 0
        self.uncovered, self.covered, self.last_receipt, self.suspect, self.contradictions = [], None, None, False, []
        self.schedule = Schedule(sheet, export.start == 0)
        if export.vkeys: self.add_key(0, export.vkeys[0], None)

    def fail(self, claim, entry, message): self.sheet.fail(claim, entry, message)
    def warn(self, claim, entry, message): self.sheet.warn(claim, entry, message)

    def open(self, commitment, shape, entry, may_be_withheld=False):
        """The content of a blob, ERASED (also when it may be withheld, and is), or None when something is wrong with it."""
        bad = lambda message: self.fail('blobs', entry, 'blob %s %s' % (commitment, message))
        blob = self.export.blob(commitment)
        if blob is None: return bad('is missing')
        if isinstance(blob, int):
            self.erased[commitment] = (blob, entry)
            return ERASED
        if blob is WITHHELD:
            if not may_be_withheld: return bad('is withheld, and only what was collected may be')
            self.withheld.add(commitment)
            return ERASED
        if sha256(blob[0] + blob[1]) != strict_base64(commitment): return bad('does not open: it is not what was committed to')
        try: value = parse(blob[1])
        except Wrong: return bad('is not canonical JSON')
        self.opened += 1
        return value if shape(value) else bad('is not of its shape')

    # Keys and checkpoints.
    def add_key(self, start, vkey, entry):
        try:
            name, _, key = read_vkey(vkey)
            if name != self.export.origin: raise Wrong('the name of a key is not the origin of the log')
        except Wrong as error: return self.fail('keys', entry, str(error))
        self.keys.append((start, vkey, key))
        return key

    def rotate(self, one, entry):
        if one['purpose'] != 'sign': return
        fail, old = functools.partial(self.fail, 'keys', entry), self.keys[-1][2] if self.keys else None
        if one['vkey'] is None: return fail('a rotation of the signing key without the new key')
        if old is None or one['retired'] != sign_key_id(old): return fail('it retires a key that is not in force')
        new = self.add_key(entry + 1, one['vkey'], entry)
        if new is None: return
        if one['introduced'] != sign_key_id(new): fail('the new key has another id')
        message = b'proofline/1 key\n' + canonical({key: one[key] for key in ('at', 'introduced', 'retired', 'vkey')}).encode()
        try: good = len(one['signatures']) == 2 and all(signed_by(key, message, strict_base64(sig)) for key, sig in zip((old, new), one['signatures']))
        except Wrong: good = False
        if not good: fail('the rotation is not signed by both keys')

    def open_checkpoint(self, note):
        """(size, root) of a note by the key in force at its size."""
        _, size, _ = read_checkpoint(note.rpartition('\n\n')[0] + '\n')
        in_force = [vkey for start, vkey, _ in self.keys if start <= size]
        if not in_force: raise Wrong('there is no key that could have signed it')
        origin, size, root = read_checkpoint(open_note(note, in_force[-1]))
        if origin != self.export.origin: raise Wrong('it is of another log')
        return size, root

    def pass_checkpoints(self, at_end=False):
        checkpoints = self.export.checkpoints
        while self.next_checkpoint < len(checkpoints):
            one = checkpoints[self.next_checkpoint]
            last = at_end and not self.export.whole and self.tree.size == self.export.end and one['size'] == self.export.size
            if one['size'] > self.tree.size and not last: return
            self.next_checkpoint += 1
            if one['size'] <= self.export.start and not last: continue
            root = self.whole_root() if one['size'] > self.tree.size else self.tree.root() if one['size'] == self.tree.size else None
            fail = lambda message: self.fail('checkpoints', one['size'] - 1, 'checkpoint of size %d: %s' % (one['size'], message))
            try:
                if self.open_checkpoint(one['note']) != (one['size'], one['root']): fail('its note says another size or root')
            except Wrong as error: fail(str(error))
            if root is None or b64(root) != one['root']: fail('it is not a prefix of the log')
            else: self.root_at[one['size']] = one['root']

    def whole_root(self):
        return self.tree.root() if self.export.whole else self.tree.root_with_rest(self.export.right, self.export.size)

    # Statements.
    def read(self, data, index):
        try: value = parse(data)
        except Wrong: return self.fail('entries-canonical', index, 'it is not canonical JSON')
        if len(data) > 65535: self.fail('entries-canonical', index, 'it is longer than 65535 bytes')
        kind = value.get('kind') if is_object(value) and value.get('v') == 1 and is_int(value.get('v')) else None
        if is_str(kind) and kind not in STATEMENTS: return self.warn('statement-shapes', index, 'kind "%s" is not known here; it is kept and not read' % kind)
        if kind is None or not is_str(kind) or not STATEMENTS[kind](value): return self.fail('statement-shapes', index, '%s: it has not the shape of its kind' % kind)
        return value

    def start_part(self):
        root = strict_base64(self.export.manifest['root'])
        for one in self.export.outside:
            index, data = one['index'], one['entry'].encode('utf-8', 'surrogatepass')
            if not included(data, index, self.export.size, [strict_base64(here) for here in one['hashes']], root):
                self.fail('log-root', index, 'it is said to be in the log, and is not'); continue
            value = self.read(data, index)
            if value is None: continue
            kind, before = value['kind'], index < self.export.start
            if kind == 'genesis': self.genesis(value, index)
            if kind == 'key' and before: self.rotate(value, index)
            if kind == 'anchor' and before: self.after = value['receiptHash']; self.anchor(value, index)
            if kind == 'plan': self.plans.add(index)
            if kind == 'decision' and before: self.decide(value, index)
            if kind == 'collection': self.collections[index] = (value['source'], value['collector'], value['scope'])
            if kind == 'upload': self.uploads.add(index)
            if kind == 'erasure': self.erasures[index] = set(value['commitments'])
        if self.export.start > 0 and (not self.export.outside or self.export.outside[0]['index'] != 0): self.fail('genesis', None, 'the part does not bring the genesis along')
        for one in self.export.starts:
            name = tuple(one['stream'])
            if name[0] not in CONTENTS or name in self.streams: self.export.wrong('starts.jsonl: %s is no stream, or comes twice' % (name,)); continue
            if one['pairs'] is None: self.warn(name[0], self.export.start, 'the manifest before the part is lost to an erased delta; it is followed from the next keyframe on')
            self.streams[name] = Stream(self, name[0])
            self.streams[name].begin(one['pairs'], self.export.start)
        self.waiting = set(self.streams)

    def hand_over(self, notes):
        for note in notes:
            try: self.handed.append([note, *read_checkpoint(note.rpartition('\n\n')[0] + '\n')[1:], None])
            except Wrong as error: self.fail('handed-over', None, 'what you were handed is no checkpoint: %s' % error)

    def check_handed_over(self):
        for note, size, root, here in self.handed:
            fail = lambda message: self.fail('handed-over', None, 'the checkpoint of size %d that you were handed: %s' % (size, message))
            if here is None and size == self.export.size: here = self.export.manifest['root']
            try: self.open_checkpoint(note)
            except Wrong as error: fail(str(error)); continue
            if size > self.export.size: fail('the log has %d entries only: it was rolled back, or this is another one' % self.export.size)
            elif here is None: self.warn('handed-over', None, 'the checkpoint of size %d that you were handed lies outside this part: it cannot be recomputed from it' % size)
            elif here != root: fail('two checkpoints of one log disagree: its root at that size is another')
        if self.handed: self.sheet.hold('handed-over', 'what you were handed: the log has only grown since')

    def run(self, pinned):
        if not self.export.whole: self.start_part()
        for _, data in self.export.lines('entries.jsonl'):
            index = self.tree.size
            self.tree.append(data)
            self.entries += 1
            value = self.read(data, index)
            if value is not None: self.check(value, index)
            for one in self.handed:
                if one[1] == self.tree.size: one[3] = b64(self.tree.root())
            self.pass_checkpoints()
        for one in self.export.outside:
            value = self.read(one['entry'].encode('utf-8', 'surrogatepass'), one['index']) if one['index'] >= self.export.end else None
            if value is not None and value['kind'] == 'key': self.rotate(value, one['index'])
            if value is not None and value['kind'] == 'decision': self.decide(value, one['index'])
        self.pass_checkpoints(True)
        self.finish(pinned)

    def check(self, value, index):
        kind = value['kind']
        if value['at'] < self.last_at: self.warn('clocks', index, 'it is older than the entry before it: the clock was set back')
        self.last_at = value['at']
        now = milliseconds(value['at'])
        self.uncovered.append((index, now))
        self.covered = now if self.covered is None else self.covered
        self.suspect = self.suspect or (kind == 'collection' and value['clock']['suspect'])
        if self.last_receipt is not None and now < self.last_receipt - 60000: self.contradictions.append((index, 'it says it was made before a time stamp that it names or follows'))
        if index == 0 and kind != 'genesis': self.fail('genesis', 0, 'it is not a genesis')
        self.schedule.take(kind, value, index)
        if kind in ('genesis', 'collection', 'evaluation'): getattr(self, kind)(value, index)
        elif kind == 'anchor':
            self.anchor(value, index)
            self.after = value['receiptHash']
        elif kind == 'key': self.rotate(value, index)
        elif kind == 'erasure': self.erasures[index] = set(value['commitments'])
        elif kind == 'gap': self.warn('completeness', index, 'a gap is recorded: %s, %s' % (value['subject'], value['reason']))
        elif kind == 'plan':
            self.plans.add(index)
            self.open(value['detail'], anything, index)
        elif kind == 'decision': self.decide(value, index)
        elif kind == 'upload': self.upload(value, index)
        elif kind == 'delivery':
            about = value['about']
            if about is not None and not about['first'] <= about['last'] < index: self.fail('references', index, 'it is said to tell of entries %d to %d' % (about['first'], about['last']))

    def upload(self, value, index):
        self.uploads.add(index)
        detail = self.open(value['detail'], UPLOAD, index)
        pieces = [self.open(piece, PIECE, index, True) for piece in value['pieces']]
        if detail in (None, ERASED): return
        if detail['bytes'] != value['bytes']: self.fail('references', index, 'the upload and its detail state another number of bytes')
        if any(piece in (None, ERASED) for piece in pieces): return
        data = b''.join(base64.b64decode(piece['base64']) for piece in pieces)
        if len(data) != detail['bytes'] or sha256(data).hex() != detail['sha256']: self.fail('references', index, 'the pieces of the upload are not the %d bytes that its detail says' % detail['bytes'])

    def decide(self, value, index):
        detail = None if value['detail'] is None else self.open(value['detail'], DECISION, index)
        if detail is not None or value['detail'] is None: self.decisions.append((index, value, detail))

    def check_decisions(self):
        start, end, size = self.export.start, self.export.end, self.export.size
        reached = lambda at: self.export.whole or start < at <= end or at == size
        root_at = lambda at: self.root_at.get(at, None if reached(at) else UNKNOWN)
        is_upload = lambda at: at in self.uploads or (False if self.export.whole or start <= at < end else None)
        register = judge_decisions(sorted(self.decisions, key=lambda entry: entry[0]), self.export.origin, root_at, is_upload)
        erased = {index for index, _, detail in self.decisions if detail is ERASED}
        for index, message in register.refused: (self.warn if index in erased else self.fail)('decisions', index, message)
        for index, message in register.remarks: self.warn('decisions', index, message)
        known = '' if self.export.whole else ' (of those outside the part, the ones brought along)'
        self.sheet.hold('decisions', '%d decisions, each signed with a key that was registered to its person%s' % (len(register.taken), known))

    def genesis(self, value, index):
        if index != 0: self.fail('genesis', index, 'a second genesis')
        if value['origin'] != self.export.origin: self.fail('genesis', index, 'it is of the log %s' % value['origin'])
        if not self.keys or value['keys']['sign'] != sign_key_id(self.keys[0][2]) or value.get('vkey') != self.keys[0][1]: self.fail('genesis', index, 'it names another signing key than the first of the log')
        self.sheet.hold('demonstration', 'it is not a demonstration log')
        if value['demonstration']: self.warn('demonstration', index, 'DEMONSTRATION LOG: made-up data, evidence of nothing')

    def references(self, value, index):
        if value['after'] != self.after: self.fail('references', index, '`after` is not the hash of the latest receipt before it')
        plan = value['plan']
        if plan is not None and not (plan < index and plan in self.plans): self.fail('references', index, 'entry %d is not an earlier plan' % plan)

    def stream(self, name, change, index):
        stream = self.streams.setdefault(name, Stream(self, name[0]))
        self.waiting.discard(name)
        stream.follow(change, index)
        return stream

    def collection(self, value, index):
        name = (value['collector'], value['scope'])
        self.collections[index] = (value['source'],) + name
        self.references(value, index)
        made = value['requests']
        self.requests += made['count']
        kept = [] if made['kept'] is None else self.open(made['kept'], REQUESTS, index, True)
        if made['count'] == 0 and made['root'] != b64(EMPTY): self.fail('requests', index, 'the root over no requests is another')
        if kept not in (None, ERASED):
            if len(kept) > made['count']: self.fail('requests', index, 'more requests are kept than were made')
            if not made['keptAll'] and (made['count'] <= 16 or len(kept) != 16): self.fail('requests', index, 'not the 16 requests that a sample has')
            if made['keptAll'] and (len(kept) != made['count'] or b64(root_of(canonical(one).encode() for one in kept)) != made['root']):
                self.fail('requests', index, 'the requests do not give the root over them')
        self.stream(('items',) + name, value['items'], index)
        self.stream(('volatile',) + name, value['volatile'], index)
        listed = {'items': []} if value['redactions'] is None else self.open(value['redactions'], REDACTIONS, index, True)
        if listed not in (None, ERASED) and sum(len(one['withheld']) for one in listed['items']) != value['withheld']:
            self.fail('redactions', index, 'another number of paths is listed than is stated')
        if value['completeness']['kind'] == 'incomplete':
            self.incomplete += 1
            self.warn('completeness', index, '%s on %s is incomplete: %s' % (name + (', '.join(value['completeness']['reasons']),)))
        elif value['gapCount'] > 0: self.fail('completeness', index, 'it is called complete and has gaps')
        if value['gapCount'] < len(value['gaps']): self.fail('completeness', index, 'it lists more gaps than it counts')
        for host in value['hosts']:
            if not host['official']: self.warn('hosts', index, '%s asked %s, which is not a host of the source itself' % (name[0], host['host']))
        if value['clock']['suspect']: self.warn('clocks', index, 'the clock was far from that of the source')
        if value['finishedAt'] < value['startedAt']: self.warn('clocks', index, 'it ended before it began')

    def evaluation(self, value, index):
        self.references(value, index)
        reads = self.open(value['reads']['list'], READS, index)
        if reads not in (None, ERASED):
            if any(one['index'] >= index or self.collections.get(one['index']) != (value['source'], one['collector'], one['scope']) for one in reads):
                self.fail('references', index, 'a collection it is said to have read is not one')
            if len(reads) != value['reads']['count']: self.fail('references', index, 'it states another number of reads')
        population = self.stream(('population', value['source']), value['population'], index)
        if 'context' in value: self.open(value['context'], CONTEXT, index)
        listed = self.open(value['results']['list'], RESULTS_LIST, index)
        if listed in (None, ERASED): return
        fail = functools.partial(self.fail, 'results', index)
        order = [(one['check'].encode('utf-16-be'), 'sha256:' + sha256(canonical(one['parameters']).encode()).hex()) for one in listed]
        if any(before >= after for before, after in zip(order, order[1:])): fail('the list of checks is not sorted')
        subjects = population.subjects()
        for one, key in zip(listed, order):
            known = self.results.get((value['source'],) + key)
            if known is None or known[0] != one['results']:
                opened = self.open(one['results'], CHECK_RESULTS, index)
                if opened in (None, ERASED): continue
                known = (one['results'], opened, None)
                self.check_counts(opened, fail)
            opened = known[1]
            if canonical({k: opened[k] for k in head}) != canonical({k: one[k] for k in head}): fail('%s: the list and the results disagree' % one['check'])
            if known[2] != value['population']['root'] and subjects is not None: self.check_subjects(opened, subjects.get(opened['subjectType'], set()), fail)
            self.results[(value['source'],) + key] = (known[0], opened, value['population']['root'])
        if len(listed) != value['results']['checks']: fail('another number of checks is stated')
        if any(sum(one['counts'][outcome] for one in listed) != value['results']['counts'][outcome] for outcome in OUTCOMES): fail('the counts of the checks do not add up')
        if min((one['until'] for one in listed if one['until'] is not None), default=None) != value['results']['until']: fail('the earliest end of a verdict is not what the checks give')

    @staticmethod
    def check_counts(opened, fail):
        found = [one['outcome'] for one in opened['notPass']]
        if 'pass' in found or len(opened['exceptions']) > opened['counts']['pass']: fail('%s: passes among what is not a pass' % opened['check'])
        elif any(found.count(outcome) != opened['counts'][outcome] for outcome in OUTCOMES[1:]): fail('%s: the counts are not those of the results' % opened['check'])

    @staticmethod
    def check_subjects(opened, subjects, fail):
        single = [one['subject'] for one in opened['notPass'] if not one['subject'].startswith('*')]
        otherwise = set(opened['excluded'] + single)
        passing = {subject for subject, _ in opened['exceptions']}
        if len(otherwise) != len(opened['excluded']) + len(single): fail('%s: a subject comes twice' % opened['check'])
        elif not otherwise <= subjects: fail('%s: a result about a subject that is not in the population' % opened['check'])
        elif not passing <= subjects - otherwise: fail('%s: a pass of a subject that does not pass' % opened['check'])
        elif opened['counts']['pass'] != len(subjects) - len(otherwise): fail('%s: the passes are not the rest of the population' % opened['check'])

    # Anchors.
    def anchor(self, value, index):
        try: self.check_anchor(value, index)
        except Wrong as error: self.fail('anchors', index, str(error))

    def check_anchor(self, value, index):
        try: checkpoint = self.open_checkpoint(value['note'])
        except Wrong as error: raise Wrong('its note: %s' % error)
        size, root = value['checkpoint']['size'], value['checkpoint']['root']
        if checkpoint != (size, root): raise Wrong('its note is of another checkpoint than it says')
        if size > index: raise Wrong('it is of a checkpoint that did not exist yet')
        if size > self.export.start and self.root_at.get(size) != root: raise Wrong('its checkpoint is not a checkpoint of this log')
        note = value['note'].encode()
        if value['method'] == 'file':
            self.filed += 1
            if value['receiptTime'] is not None or value['receiptHash'] != b64(sha256(note)): raise Wrong('its receipt is not its note')
            return
        token = strict_base64(value['receipt'])
        if b64(sha256(token)) != value['receiptHash']: raise Wrong('its receipt has another hash')
        stamped = read_stamp(token_of(token))
        if stamped is None: raise Wrong('its receipt is not a time-stamp token')
        if not stamp_holds(token, note, self.roots): raise Wrong('its receipt does not stamp its note, or not by an authority you trust')
        if stamped != value['receiptTime']: raise Wrong('its receipt has another time')
        self.stamped += 1
        self.cover(size, milliseconds(stamped), index)

    def cover(self, size, now, index):
        if self.last_receipt is not None and now < self.last_receipt - 60000: self.fail('anchor-times', index, 'its time stamp is older than one before it')
        self.contradictions += [(entry, 'it says it was made after the time stamp that covers it') for entry, at in self.uncovered if entry < size and at > now + 60000]
        self.uncovered = [(entry, at) for entry, at in self.uncovered if entry >= size]
        self.stretch(now)
        self.covered = now if self.covered is None else max(self.covered, now)
        self.last_receipt = now if self.last_receipt is None else max(self.last_receipt, now)
        self.settle()

    def stretch(self, to):
        if self.covered is not None: self.longest = max(self.longest, to - self.covered)

    def settle(self):
        for entry, message in self.contradictions:
            if self.suspect: self.warn('anchor-times', entry, message + '; a collection near it says that the clock was suspect')
            else: self.fail('anchor-times', entry, message)
        self.contradictions, self.suspect = [], False

    # The end.
    def finish(self, pinned):
        hold, export = self.sheet.hold, self.export
        if self.tree.size != export.end: self.fail('entries-canonical', None, 'entries up to %d where %d are stated' % (self.tree.size, export.end))
        if not export.checkpoints: self.fail('log-root', None, 'no checkpoint is signed: nothing fixes these entries')
        else:
            root = self.whole_root() if not export.whole or self.tree.size == export.checkpoints[-1]['size'] else None
            if root is None or b64(root) != export.checkpoints[-1]['root']: self.fail('log-root', export.checkpoints[-1]['size'] - 1, 'the entries do not give the root of the latest checkpoint')
            sizes = [one['size'] for one in export.checkpoints]
            if any(before >= after for before, after in zip(sizes, sizes[1:])): self.fail('checkpoints', None, 'the checkpoints are not in order')
            if self.next_checkpoint < len(sizes): self.fail('checkpoints', None, 'a checkpoint is of more entries than there are')
        followed = [vkey for _, vkey, _ in self.keys]
        if followed != export.vkeys: self.fail('keys', None, 'the keys given are not those that the log introduces')
        if pinned is None: self.warn('keys', None, 'the key was taken from the export itself; give the one you were handed (--vkey)')
        elif pinned not in followed: self.fail('keys', None, 'the key you gave is not a key of this log')
        for name in sorted(self.waiting): export.wrong('starts.jsonl: no statement of the part goes on with %s' % (name,))
        for commitment, (by, entry) in self.erased.items():
            if commitment not in self.erasures.get(by, ()): self.fail('blobs', entry, 'blob %s is said to be erased, and entry %d does not say so' % (commitment, by))
        if self.erased: self.warn('erasures', None, '%d blobs are erased' % len(self.erased))
        for index, commitments in self.erasures.items():
            for commitment in commitments:
                if isinstance(export.blob(commitment), tuple): self.warn('erasures', index, 'blob %s opens: it was seen again later, or never erased' % commitment)
        if self.withheld: self.warn('withheld', None, '%d pieces of what was collected are withheld: their commitments are here, their content is not' % len(self.withheld))
        self.check_handed_over()
        self.check_decisions()
        self.schedule.finish()
        for _, at in self.uncovered: self.stretch(at)
        self.settle()
        if self.stamped and not self.roots: self.warn('anchors', None, '%d time stamps are validly signed, but by whom was not checked: no roots were given' % self.stamped)
        if self.filed and not self.stamped: self.warn('anchored', None, '%d heads were put where others may have seen them: compare with what they have; no third party\'s time is in this log' % self.filed)
        elif not self.stamped: self.warn('anchored', None, 'recorded by the entity alone; nobody else saw this log before it was handed over')
        elif self.longest > 25 * 3600000: self.warn('anchored', None, 'the longest stretch without a time stamp is %s' % span(self.longest))
        if export.unused: self.fail('blobs', None, '%d blobs are not referred to by any entry' % len(export.unused))
        streams = lambda kind: '%d streams of manifests, every root as stated' % sum(name[0] == kind for name in self.streams)
        for claim, detail in {
                'entries-canonical': '%d entries, each in canonical form' % self.entries, 'statement-shapes': 'every statement has the shape of its kind',
                'genesis': 'log %s' % export.origin, 'log-root': 'size %d, root %s' % (export.size, export.manifest['root']),
                'checkpoints': '%d signed checkpoints, each a prefix of the log' % len(export.checkpoints),
                'keys': '%d signing keys, the one you gave among them' % len(followed), 'references': 'plans, receipts, collections and entries referred to are there',
                'blobs': '%d openings of content, each as committed to' % self.opened, 'items': streams('items'), 'volatile': streams('volatile'),
                'population': streams('population'), 'requests': '%d requests, every root as stated' % self.requests, 'redactions': 'what was withheld is listed',
                'results': '%d sets of results, every count as stated' % len(self.results), 'anchors': '%d time stamps, %d other anchors' % (self.stamped, self.filed),
                'anchor-times': 'the times of the entries agree with the time stamps around them',
                'anchored': '%d time stamps; the longest stretch without one is %s' % (self.stamped, span(self.longest)),
                'completeness': 'every collection is complete', 'hosts': 'every request went to a host of its source', 'clocks': 'no clock was suspect',
                'erasures': 'nothing is erased', 'withheld': 'nothing of what was collected is withheld'}.items(): hold(claim, detail)


def prepare_signatures(export):
    """Asks openssl about all checkpoints at once; what it says is remembered, and judged in turn."""
    def ask(one):
        for vkey in export.vkeys:
            try: open_note(one['note'], vkey)
            except Wrong: pass
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool: list(pool.map(ask, export.checkpoints))


def compare_anchor_files(export):
    expected = set()
    for offset, (_, data) in enumerate(export.lines('entries.jsonl')):
        if b'"kind":"anchor"' not in data: continue
        try: value = json.loads(data.decode('utf-8'))
        except ValueError: continue
        if not STATEMENTS['anchor'](value) or value['method'] != 'rfc3161': continue
        try: token = strict_base64(value['receipt'])
        except Wrong: token = b''
        for path, content in (('anchors/%d.note' % (export.start + offset), value['note'].encode('utf-8', 'surrogatepass')), ('anchors/%d.tst' % (export.start + offset), token)):
            expected.add(path)
            if path not in export.present: export.wrong('%s is missing' % path)
            elif export.read(path) != content: export.wrong('%s is not what the anchor says' % path)
    for path in sorted(export.present - expected):
        if path.startswith('anchors/'): export.wrong('%s belongs to no anchor' % path)


# --- 11: the bundle ------------------------------------------------------------------------------------------------------------------------
def check_bundle(directory, sheet):
    """The files of a bundle around the export in it."""
    fail = functools.partial(sheet.fail, 'bundle-files', None)
    present = set()
    for base, folders, files in os.walk(directory):
        links = [one for one in folders if os.path.islink(os.path.join(base, one))]
        present.update(os.path.relpath(os.path.join(base, one), directory).replace(os.sep, '/') for one in files + links)
    def read(path):
        full = os.path.join(directory, path)
        if path not in present or os.path.islink(full): return b''
        with open(full, 'rb') as file: return file.read()
    raw = read('manifest.json')
    manifest = Export.one_line(raw)
    if not BUNDLE(manifest): return fail('manifest.json is missing or malformed')
    listed = [one['path'] for one in manifest['files']]
    if any(before >= after for before, after in zip(listed, listed[1:])): fail('manifest.json is not sorted')
    for path in sorted(present - set(listed) - {'manifest.json', 'manifest.note'}): fail('%s is not listed' % path)
    for one in manifest['files']:
        path, made, length = one['path'], hashlib.sha256(), 0
        full = os.path.join(directory, path)
        if path not in present: fail('%s is missing' % path); continue
        if os.path.islink(full) or not os.path.isfile(full): fail('%s is not a plain file' % path); continue
        with open(full, 'rb') as file:
            for chunk in iter(lambda: file.read(1 << 20), b''): made.update(chunk); length += len(chunk)
        if made.hexdigest() != one['sha256'] or length != one['bytes']: fail('%s is not what manifest.json says' % path)
    sheet.hold('bundle-files', '%d files, each as manifest.json says; made %s' % (len(listed), manifest['generatedAt']))
    check_bundle_signature(read, present, raw, functools.partial(sheet.fail, 'bundle-signature', None))
    sheet.hold('bundle-signature', 'signed by the key of the log')
    check_chain(read, manifest, functools.partial(sheet.fail, 'bundle-chain', None))
    sheet.hold('bundle-chain', 'the first bundle of %s' % manifest['period'] if manifest['supplements'] is None else 'supplements %s' % manifest['supplements'])

def check_bundle_signature(read, present, raw, fail):
    if 'manifest.note' not in present: return fail('manifest.note is missing: nobody vouches for the bundle as a whole')
    if 'evidence/vkeys.txt' not in present: return fail('evidence/vkeys.txt is missing: there is no key to hold manifest.note against')
    try:
        text, body = read('manifest.note').decode('utf-8'), 'proofline/1 bundle\nsha256:%s\n' % sha256(raw).hex()
        opened = open_note(text, read('evidence/vkeys.txt').decode('utf-8').rstrip('\n').split('\n')[-1])
        if opened != body or text[len(body) + 1:].count('\n') != 1: fail('manifest.note is about another manifest.json')
    except (Wrong, UnicodeDecodeError) as error: fail('manifest.note: %s' % error)

def check_chain(read, manifest, fail):
    evidence, former = Export.one_line(read('evidence/manifest.json')), None
    if not is_object(evidence): fail('evidence/manifest.json is missing or malformed')
    elif any(evidence.get(member) != manifest[member] for member in ('origin', 'size', 'root', 'generatedAt')):
        fail('the log in it is another one, or of another size, than manifest.json says')
    for line in read('evidence/entries.jsonl').split(b'\n'):
        if b'"event":"bundle"' not in line: continue
        try: one = parse(line)
        except Wrong: continue
        if not is_object(one) or (one.get('kind'), one.get('event'), one.get('period')) != ('lifecycle', 'bundle', manifest['period']): continue
        if digest(one.get('manifest')): former = one['manifest']
    if manifest['supplements'] != former: fail('the log records %s as the bundle of %s before it, and it names %s' % (former, manifest['period'], manifest['supplements']))

def unpack(file, directory):
    """Puts the files of a ZIP into an empty directory; nothing outside it, and no more than a file of its size can honestly hold."""
    try:
        with zipfile.ZipFile(file) as archive:
            infos, seen = [one for one in archive.infolist() if not one.is_dir()], set()
            most = max(1 << 30, 200 * os.path.getsize(file))
            if sum(one.file_size for one in infos) > most: raise Wrong('%s holds far more than a file of its size should' % file)
            for one in infos:
                parts = one.filename.split('/')
                if one.filename in seen or re.search(r'[\\:\0]', one.filename) or any(part in ('', '.', '..') for part in parts) or one.flag_bits & 1 or (one.external_attr >> 28) == 10:
                    raise Wrong('%s: %s has no place in a bundle' % (file, one.filename))
                seen.add(one.filename)
                full, written = os.path.join(directory, *parts), 0
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with archive.open(one) as source, open(full, 'xb') as target:
                    for chunk in iter(lambda: source.read(1 << 20), b''):
                        written += len(chunk)
                        if written > one.file_size: raise Wrong('%s: %s is longer than it says' % (file, one.filename))
                        target.write(chunk)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, zlib.error) as error: raise Wrong('%s is no whole ZIP: %s' % (file, error))


def verify(place, vkey=None, roots=None, against=()):
    """Claims about a bundle or an export, in a directory or a ZIP. `roots`: PEM bytes; `against`: signed notes handed over before."""
    sheet = Sheet()
    if os.path.isdir(place): return verify_directory(place, sheet, vkey, roots, against)
    with tempfile.TemporaryDirectory() as directory:
        try: unpack(place, directory)
        except Wrong as error:
            sheet.fail('bundle-files', None, str(error))
            return sheet.claims()
        return verify_directory(directory, sheet, vkey, roots, against)


def says_bundle(directory):
    try:
        with open(os.path.join(directory, 'manifest.json'), 'rb') as file: return b'"proofline/1 bundle"' in file.read()
    except OSError: return False


def verify_directory(directory, sheet, vkey, roots, against):
    export = None
    try:
        if os.path.isdir(os.path.join(directory, 'evidence')) or says_bundle(directory):
            try: check_bundle(directory, sheet)
            except (Wrong, OSError) as error: sheet.fail('bundle-files', None, str(error))
            directory = os.path.join(directory, 'evidence')
        export = Export(directory, sheet, vkey)
        compare_anchor_files(export)
        prepare_signatures(export)
        log = Log(export, sheet, roots)
        log.hand_over(against)
        log.run(vkey)
    except (Wrong, OSError) as error: sheet.fail('export-files', None, str(error))
    finally:
        if export is not None: export.close()
    return sheet.claims()


def main(arguments):
    options, rest = {'--vkey': None, '--tsa-roots': None, '--against': None}, []
    while arguments:
        one = arguments.pop(0)
        if one in options and arguments: options[one] = arguments.pop(0)
        else: rest.append(one)
    as_json = '--json' in rest
    rest = [one for one in rest if one != '--json']
    if len(rest) != 1 or rest[0].startswith('-') or not os.path.exists(rest[0]):
        sys.stderr.write(__doc__.split('\n\n')[1] + '\n')
        return 2
    if not re.match(br'OpenSSL ([3-9]|\d\d)\.', openssl({}, 'version') or b''):
        sys.stderr.write('this needs OpenSSL 3 or later as `openssl`: others cannot verify Ed25519 signatures\n')
        return 2
    given = {}
    for name in ('--tsa-roots', '--against'):
        if options[name] is None: continue
        try:
            with open(options[name], 'rb') as file: given[name] = file.read()
        except OSError as error:
            sys.stderr.write('%s\n' % error)
            return 2
    if os.path.isfile(rest[0]):
        with open(rest[0], 'rb') as file: encrypted = file.read(21) == b'age-encryption.org/v1'
        if encrypted:
            sys.stderr.write('%s is encrypted: decrypt it first (age -d -i KEY_FILE -o bundle.zip %s)\n' % (rest[0], rest[0]))
            return 2
    claims = verify(rest[0], options['--vkey'], given.get('--tsa-roots'), [given['--against'].decode('utf-8', 'replace')] if '--against' in given else [])
    ok = all(one['result'] != 'FAIL' for one in claims)
    if as_json: print(json.dumps({'ok': ok, 'claims': claims, 'notes': NOTES}, indent=1))
    else:
        for one in claims: print('%(result)s  %(claim)s: %(detail)s' % one)
        for note in NOTES: print('NOTE  %s' % note)
    return 0 if ok else 4


if __name__ == '__main__': sys.exit(main(sys.argv[1:]))
