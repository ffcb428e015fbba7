"""Written by scripts/compile_catalog.py from data/contents.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "source": "docs.python.org, requests.readthedocs.io, python-httpx.org, "
        "docs.aiohttp.org, playwright.dev, selenium.dev; tools of 40 public agents",
        "date": "2026-11-25",
        "whole": {
            "file": "read read_text readlines readall extract_text",
            "http": "text content read get_text inner_text inner_html outer_html page_source",
            "process": "stdout stderr check_output getoutput getstatusoutput communicate read",
            "asks": "get fetch urlopen goto open request",
        },
        "through": {
            "methods": "strip rstrip lstrip decode encode replace format join lower "
            "upper expandtabs splitlines split getvalue\n"
            "items values get copy pop setdefault get_text prettify "
            "text_content model_dump dict json\n"
            "removeprefix removesuffix translate handle\n",
            "functions": "str repr list tuple sorted reversed dict dumps pformat fill "
            "indent dedent escape unescape\n"
            "markdownify html2text BeautifulSoup extract Document "
            "to_markdown deepcopy copy sub StringIO BytesIO\n"
            "ascii bytes iter enumerate zip filter cast quote\n",
            "params": "BlockParam MessageParam TextBlock ToolResult ToolResultBlock "
            "ToolOutput ToolResponse",
        },
        "short": {
            "parameters": "limit max_chars max_bytes max_length max_len max_lines "
            "max_size max_output max_output_chars n_lines\n"
            "num_lines head_limit page page_size truncate max_tokens "
            "max_results max_characters char_limit\n"
            "start_line end_line line_start line_end view_range offset "
            "line_range\n",
            "calls": "islice shorten truncate nlargest head tail itertools.islice",
            "commands": "head tail --max-count --max-lines rev-parse --short --stat "
            "--name-only --version wc which whoami\n"
            "hostname ls dir stat date uname pwd id uptime df free ps du "
            "nproc lscpu sw_vers where\n"
            "duckdb\n",
        },
        "encoders": {
            "calls": "b64encode standard_b64encode urlsafe_b64encode encodebytes "
            "b85encode a85encode b32encode b16encode\n"
            "get_screenshot_as_base64\n",
            "attributes": "screenshot_as_base64",
            "blocks": "image document base64 image_url input_image file "
            "container_upload audio input_audio",
            "images": "image/png image/jpeg image/gif image/webp",
            "documents": "application/pdf",
        },
    }
