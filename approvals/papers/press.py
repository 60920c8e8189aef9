"""印：values to PDF by typst, in a process of its own that ends with the paper.

The typesetter and its font hold 60 MB and more once they have been used; a web worker keeps to its 130 MB by never
loading them. The child gets the values on its standard input, nothing of the site's settings or keys, and no network
is needed: fonts come from a package. Run as a script it is that child; it imports nothing of the product.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "templates" / "papers" / "paper.typ"
MOST_CODES = 12
UNPRINTABLE = re.compile(r'(?:the text|the codepoint) `"(.+?)"`', re.DOTALL)
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
SECONDS = 8  # a paper takes a quarter of one; a web worker waits 30


def to_pdf(values: dict[str, Any], qr: str) -> bytes:
    """印成 PDF; CalledProcessError or TimeoutExpired if the press fails, which no input of a user may cause."""
    job = json.dumps({"values": values, "qr": qr}, ensure_ascii=False).encode()
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    child = [sys.executable, "-I", str(Path(__file__).resolve())]
    done = subprocess.run(child, input=job, capture_output=True, timeout=SECONDS, check=True, env=environment)
    return done.stdout


def set_page(values: dict[str, Any], qr: str) -> bytes:
    """排版, in this process.

    A sign that the font lacks is printed as its code, 〔U+1F600〕: an archival PDF may not hold an empty box, and a
    reader should see that something stood there. Where that does not help, the PDF is a plain one.
    """
    import typst

    data = json.dumps(values, ensure_ascii=False)
    for _ in range(MOST_CODES):
        try:
            return _compile(data, qr, archival=True)
        except typst.TypstError as error:
            missing = _missing(str(error))
            if not missing or missing not in data:
                break
            data = data.replace(missing, "".join(f"〔U+{ord(sign):04X}〕" for sign in missing))
    return _compile(data, qr, archival=False)


def _compile(data: str, qr: str, *, archival: bool) -> bytes:
    """PDF; `archival` is PDF/A-2a and PDF/UA-1: self-contained for the archive, tagged for screen readers."""
    import manimgx_fonts_cjk
    import typst

    return typst.compile(
        str(PAGE),
        root=str(PAGE.parent),
        font_paths=[str(Path(manimgx_fonts_cjk.__file__).parent)],
        ignore_system_fonts=True,
        sys_inputs={"data": data, "qr": qr},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"] if archival else None,
    )


def _missing(message: str) -> str:
    """排版说印不了的那个字; empty if it complained of something else."""
    told = UNPRINTABLE.search(message)
    return ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), told.group(1)) if told else ""


def main() -> None:
    """子进程: one job from standard input, one PDF to standard output."""
    job = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(set_page(job["values"], job["qr"]))


if __name__ == "__main__":
    main()
