"""Runs the independent verifier many times in one process: one JSON request a line in, one JSON answer a line out."""
import json, os, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'src', 'verify'))
import verify_export  # noqa: E402


def roots_of(request):
    if not request.get('roots'): return None
    with open(request['roots'], 'rb') as file: return file.read()


def notes_of(request):
    if not request.get('against'): return []
    with open(request['against'], encoding='utf-8') as file: return [file.read()]


def uncaught(request):
    """The byte flips [path, offset, xor] after which nothing fails."""
    missed, roots = [], roots_of(request)
    for path, offset, xor in request['flips']:
        full = os.path.join(request['directory'], path)
        with open(full, 'r+b') as file:
            file.seek(offset)
            byte = file.read(1)
            file.seek(offset)
            file.write(bytes([byte[0] ^ xor]))
        claims = verify_export.verify(request['directory'], request.get('vkey'), roots)
        if all(claim['result'] != 'FAIL' for claim in claims): missed.append([path, offset, xor])
        with open(full, 'r+b') as file:
            file.seek(offset)
            file.write(byte)
    return missed


for line in sys.stdin:
    request = json.loads(line)
    if 'flips' in request: answer = uncaught(request)
    elif 'canonical' in request: answer = [verify_export.canonical(value) for value in request['canonical']]
    elif 'numbers' in request: answer = [verify_export.es_number(float.fromhex(value)) for value in request['numbers']]
    else: answer = verify_export.verify(request['directory'], request.get('vkey'), roots_of(request), notes_of(request))
    sys.stdout.write(json.dumps(answer) + '\n')
    sys.stdout.flush()
