"""Written by scripts/compile_catalog.py from data/sources.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "date": "2026-11-22",
        "call": [
            {
                "kind": "clock",
                "type": "datetime.datetime",
                "granularity": "microsecond",
                "names": "datetime.datetime.now datetime.datetime.utcnow "
                "datetime.datetime.today\n"
                "django.utils.timezone.now\n",
                "source": "docs.python.org/3/library/datetime, docs.djangoproject.com",
            },
            {
                "kind": "clock",
                "type": "datetime.date",
                "granularity": "day",
                "names": "datetime.date.today",
                "source": "docs.python.org/3/library/datetime",
            },
            {
                "kind": "clock",
                "type": "datetime.datetime",
                "granularity": "day",
                "names": "dateutil.utils.today",
                "source": "dateutil.readthedocs.io: midnight of today",
            },
            {
                "kind": "clock",
                "type": "datetime.datetime",
                "granularity": "microsecond",
                "names": "django.utils.timezone.localtime",
                "pure_with": "0:value",
                "source": "docs.djangoproject.com",
            },
            {
                "kind": "clock",
                "type": "datetime.date",
                "granularity": "day",
                "names": "django.utils.timezone.localdate",
                "pure_with": "0:value",
                "source": "docs.djangoproject.com",
            },
            {
                "kind": "clock",
                "type": "float",
                "granularity": "microsecond",
                "names": "time.time time.monotonic time.perf_counter time.process_time "
                "time.thread_time timeit.default_timer\n",
                "source": "docs.python.org/3/library/time",
            },
            {
                "kind": "clock",
                "type": "int",
                "granularity": "microsecond",
                "names": "time.time_ns time.monotonic_ns time.perf_counter_ns "
                "time.process_time_ns time.clock_gettime_ns\n",
                "source": "docs.python.org/3/library/time",
            },
            {
                "kind": "clock",
                "type": "str",
                "granularity": "second",
                "names": "time.strftime",
                "format": "0:format",
                "pure_with": "1:t",
                "source": "docs.python.org/3/library/time",
            },
            {
                "kind": "clock",
                "type": "str",
                "granularity": "second",
                "names": "time.ctime time.asctime",
                "pure_with": "0:",
                "source": "docs.python.org/3/library/time",
            },
            {
                "kind": "clock",
                "type": "time.struct_time",
                "granularity": "second",
                "names": "time.localtime time.gmtime",
                "pure_with": "0:",
                "source": "docs.python.org/3/library/time",
            },
            {
                "kind": "clock",
                "type": "str",
                "granularity": "second",
                "names": "email.utils.formatdate",
                "pure_with": "0:timeval",
                "source": "docs.python.org/3/library/email.utils",
            },
            {
                "kind": "clock",
                "type": "datetime.datetime",
                "granularity": "microsecond",
                "names": "email.utils.localtime",
                "pure_with": "0:dt",
                "source": "docs.python.org/3/library/email.utils",
            },
            {
                "kind": "clock",
                "type": "pendulum.DateTime",
                "granularity": "microsecond",
                "names": "pendulum.now pendulum.DateTime.now pendulum.DateTime.utcnow",
                "source": "pendulum.eustace.io/docs",
            },
            {
                "kind": "clock",
                "type": "pendulum.DateTime",
                "granularity": "day",
                "names": "pendulum.today pendulum.tomorrow pendulum.yesterday",
                "source": "pendulum.eustace.io/docs",
            },
            {
                "kind": "clock",
                "type": "arrow.Arrow",
                "granularity": "microsecond",
                "names": "arrow.now arrow.utcnow arrow.Arrow.now arrow.Arrow.utcnow",
                "source": "arrow.readthedocs.io",
            },
            {
                "kind": "clock",
                "type": "arrow.Arrow",
                "granularity": "microsecond",
                "names": "arrow.get",
                "pure_with": "0:",
                "source": "arrow.readthedocs.io",
            },
            {
                "kind": "clock",
                "type": "pandas.Timestamp",
                "granularity": "microsecond",
                "names": "pandas.Timestamp.now pandas.Timestamp.today pandas.Timestamp.utcnow",
                "source": "pandas.pydata.org/docs/reference",
            },
            {
                "kind": "clock",
                "type": "pandas.Timestamp",
                "granularity": "microsecond",
                "names": "pandas.Timestamp pandas.to_datetime",
                "only_with": "now today",
                "source": "pandas.pydata.org/docs/reference",
            },
            {
                "kind": "clock",
                "type": "numpy.datetime64",
                "granularity": "second",
                "names": "numpy.datetime64",
                "only_with": "now today",
                "source": "numpy.org/doc/stable/reference/arrays.datetime",
            },
            {
                "kind": "clock",
                "type": "datetime.datetime",
                "granularity": "microsecond",
                "names": "dateparser.parse",
                "only_with": "now today",
                "source": "dateparser.readthedocs.io",
            },
            {
                "kind": "clock",
                "type": "whenever.Instant",
                "granularity": "microsecond",
                "names": "whenever.Instant.now whenever.ZonedDateTime.now "
                "whenever.OffsetDateTime.now\n"
                "whenever.SystemDateTime.now\n",
                "source": "whenever.readthedocs.io",
            },
            {
                "kind": "random",
                "type": "uuid.UUID",
                "names": "uuid.uuid1 uuid.uuid4 uuid.uuid6 uuid.uuid7 uuid6.uuid6 uuid6.uuid7 "
                "uuid6.uuid8 uuid_extensions.uuid7",
                "source": "docs.python.org/3/library/uuid; pypi.org/project/uuid6",
            },
            {
                "kind": "random",
                "type": "str",
                "names": "secrets.token_hex secrets.token_urlsafe nanoid.generate "
                "shortuuid.uuid shortuuid.random\n"
                "shortuuid.ShortUUID.uuid cuid.cuid cuid2.cuid_wrapper ksuid.ksuid\n"
                "uuid_utils.uuid4 uuid_utils.uuid7 xid.XID "
                "django.utils.crypto.get_random_string\n"
                "werkzeug.security.gen_salt lorem.text lorem.sentence "
                "lorem.paragraph coolname.generate_slug\n"
                "petname.generate names.get_full_name names.get_first_name\n",
                "source": "docs.python.org/3/library/secrets; pypi.org",
            },
            {
                "kind": "random",
                "names": "secrets.choice secrets.token_bytes secrets.randbelow "
                "secrets.randbits secrets.SystemRandom\n"
                "ulid.new ulid.ULID ksuid.Ksuid bson.ObjectId "
                "bson.objectid.ObjectId\n"
                "random.random random.uniform random.triangular random.betavariate "
                "random.expovariate\n"
                "random.gammavariate random.gauss random.lognormvariate "
                "random.normalvariate random.paretovariate\n"
                "random.vonmisesvariate random.weibullvariate random.binomialvariate "
                "random.randint random.randrange\n"
                "random.getrandbits random.randbytes random.choice random.choices "
                "random.sample random.shuffle\n"
                "random.SystemRandom os.urandom os.getrandom\n"
                "numpy.random.rand numpy.random.randn numpy.random.randint "
                "numpy.random.random\n"
                "numpy.random.random_sample numpy.random.ranf numpy.random.sample "
                "numpy.random.choice\n"
                "numpy.random.bytes numpy.random.shuffle numpy.random.permutation "
                "numpy.random.uniform\n"
                "numpy.random.normal numpy.random.standard_normal "
                "numpy.random.poisson numpy.random.exponential\n"
                "numpy.random.binomial numpy.random.beta numpy.random.gamma "
                "torch.rand torch.randn torch.randint\n"
                "torch.randperm faker.Faker mimesis.Generic id\n",
                "source": "docs.python.org/3/library/random and secrets; "
                "numpy.org/doc/stable/reference/random",
            },
            {
                "kind": "random",
                "type": "random.Random",
                "names": "random.Random",
                "pure_with": "0:x",
                "source": "docs.python.org/3/library/random: a seed makes the sequence repeat",
            },
            {
                "kind": "random",
                "type": "numpy.random.Generator",
                "names": "numpy.random.default_rng numpy.random.RandomState",
                "pure_with": "0:seed",
                "source": "numpy.org/doc/stable/reference/random",
            },
            {
                "kind": "random",
                "type": "str",
                "names": "tempfile.mkdtemp tempfile.mktemp",
                "source": "docs.python.org/3/library/tempfile",
            },
            {
                "kind": "random",
                "names": "tempfile.mkstemp tempfile.NamedTemporaryFile "
                "tempfile.TemporaryDirectory tempfile.TemporaryFile\n"
                "tempfile.SpooledTemporaryFile\n",
                "source": "docs.python.org/3/library/tempfile",
            },
            {
                "kind": "order",
                "type": "set",
                "ordering": "process",
                "names": "set",
                "source": "docs.python.org/3/reference/datamodel: hashes of str are salted "
                "per process",
            },
            {
                "kind": "order",
                "type": "frozenset",
                "ordering": "process",
                "names": "frozenset",
                "source": "docs.python.org/3/reference/datamodel: hashes of str are salted "
                "per process",
            },
            {
                "kind": "order",
                "type": "list",
                "ordering": "listing",
                "names": "os.listdir glob.glob aiofiles.os.listdir",
                "source": "docs.python.org/3/library/os and glob: the order is arbitrary",
            },
            {
                "kind": "order",
                "type": "generator",
                "ordering": "listing",
                "names": "os.scandir os.walk os.fwalk glob.iglob aiofiles.os.scandir "
                "pathlib.Path.walk",
                "source": "docs.python.org/3/library/os and glob: the order is arbitrary",
            },
            {
                "kind": "order",
                "type": "generator",
                "ordering": "completion",
                "names": "asyncio.as_completed concurrent.futures.as_completed "
                "tqdm.asyncio.tqdm.as_completed\n"
                "tqdm.asyncio.tqdm_asyncio.as_completed\n",
                "source": "docs.python.org/3/library/asyncio-task and concurrent.futures",
            },
            {
                "kind": "order",
                "type": "tuple",
                "ordering": "completion",
                "names": "asyncio.wait concurrent.futures.wait",
                "source": "docs.python.org/3/library/asyncio-task: sets of tasks",
            },
            {
                "kind": "order",
                "type": "list",
                "ordering": "server",
                "names": "langchain_mcp_adapters.tools.load_mcp_tools "
                "langchain_mcp_adapters.load_mcp_tools\n",
                "source": "github.com/langchain-ai/langchain-mcp-adapters; modelcontextprotocol.io",
            },
            {
                "kind": "environment",
                "type": "str",
                "names": "os.getcwd os.getlogin os.getenv os.environ.get os.ctermid "
                "os.path.expanduser os.path.expandvars\n"
                "os.path.abspath os.path.realpath socket.gethostname socket.getfqdn "
                "getpass.getuser\n"
                "platform.node platform.platform platform.system platform.release "
                "platform.version platform.machine\n"
                "platform.processor platform.python_version "
                "platform.python_implementation\n"
                "platform.python_build platform.python_compiler tempfile.gettempdir "
                "tempfile.gettempprefix\n"
                "locale.getdefaultlocale locale.getlocale "
                "locale.getpreferredencoding locale.getencoding\n"
                "sysconfig.get_platform shutil.which importlib.metadata.version\n",
                "source": "docs.python.org/3/library/os, platform, socket, getpass",
            },
            {
                "kind": "environment",
                "names": "os.getcwdb os.getpid os.getppid os.getuid os.getgid os.getgroups "
                "os.uname os.cpu_count\n"
                "os.process_cpu_count os.environ.copy os.environ.items "
                "os.environb.get os.get_terminal_size\n"
                "shutil.get_terminal_size\n"
                "platform.uname platform.architecture platform.mac_ver "
                "platform.win32_ver platform.libc_ver\n"
                "platform.freedesktop_os_release multiprocessing.cpu_count "
                "uuid.getnode pwd.getpwuid\n"
                "threading.get_ident threading.get_native_id "
                "threading.current_thread\n"
                "multiprocessing.current_process asyncio.current_task hash\n",
                "source": "docs.python.org/3/library/os, platform, threading",
            },
            {
                "kind": "environment",
                "type": "pathlib.Path",
                "names": "pathlib.Path.cwd pathlib.Path.home",
                "source": "docs.python.org/3/library/pathlib",
            },
            {
                "kind": "process",
                "type": "subprocess.CompletedProcess",
                "names": "subprocess.run anyio.run_process trio.run_process",
                "source": "docs.python.org/3/library/subprocess",
            },
            {
                "kind": "process",
                "type": "str",
                "names": "subprocess.check_output subprocess.getoutput pexpect.run",
                "source": "docs.python.org/3/library/subprocess",
            },
            {
                "kind": "process",
                "names": "subprocess.getstatusoutput subprocess.Popen os.popen "
                "asyncio.create_subprocess_exec\n"
                "asyncio.create_subprocess_shell pexpect.spawn invoke.run git.Repo "
                "git.cmd.Git\n"
                "psutil.cpu_percent psutil.virtual_memory psutil.swap_memory "
                "psutil.disk_usage psutil.process_iter\n"
                "psutil.pids psutil.boot_time psutil.cpu_times "
                "psutil.net_io_counters psutil.sensors_battery\n"
                "os.getloadavg os.times shutil.disk_usage resource.getrusage "
                "gc.get_count\n",
                "source": "docs.python.org/3/library/subprocess; psutil.readthedocs.io",
            },
            {
                "kind": "file",
                "type": "io.TextIOWrapper",
                "names": "open io.open codecs.open aiofiles.open gzip.open bz2.open lzma.open "
                "os.fdopen",
                "source": "docs.python.org/3/library/functions",
            },
            {
                "kind": "file",
                "type": "str",
                "names": "importlib.resources.read_text linecache.getline "
                "pathlib.Path.read_text\n"
                "docx2txt.process textract.process pytesseract.image_to_string "
                "pdfminer.high_level.extract_text\n"
                "pymupdf4llm.to_markdown trafilatura.extract\n",
                "source": "docs.python.org/3/library/importlib.resources, pathlib; pypi.org",
            },
            {
                "kind": "file",
                "names": "importlib.resources.read_binary pkgutil.get_data linecache.getlines "
                "fileinput.input\n"
                "pathlib.Path.read_bytes pandas.read_csv pandas.read_excel "
                "pandas.read_json pandas.read_parquet\n"
                "pandas.read_table polars.read_csv polars.read_parquet "
                "polars.read_json numpy.load numpy.loadtxt\n"
                "joblib.load pypdf.PdfReader PyPDF2.PdfReader fitz.open pymupdf.open "
                "docx.Document\n"
                "openpyxl.load_workbook PIL.Image.open csv.reader csv.DictReader "
                "datasets.load_dataset\n"
                "datasets.load_from_disk os.stat os.path.getmtime os.path.getsize "
                "os.path.getctime os.path.getatime\n"
                "os.path.exists os.path.isfile os.path.isdir\n",
                "source": "docs.python.org/3/library; pandas.pydata.org/docs",
            },
            {
                "kind": "turn",
                "type": "str",
                "names": "input getpass.getpass click.prompt typer.prompt sys.stdin.read "
                "sys.stdin.readline\n"
                "sys.stdin.readlines rich.prompt.Prompt.ask "
                "rich.prompt.IntPrompt.ask\n"
                "prompt_toolkit.prompt prompt_toolkit.shortcuts.prompt "
                "questionary.text questionary.select\n"
                "inquirer.text inquirer.prompt streamlit.chat_input "
                "streamlit.text_input streamlit.text_area\n"
                "streamlit.selectbox streamlit.radio streamlit.audio_input "
                "easygui.enterbox pyperclip.paste\n"
                "tkinter.simpledialog.askstring\n",
                "source": "docs.python.org/3/library/functions; docs of the libraries named",
            },
            {
                "kind": "turn",
                "names": "flask.request.get_json flask.request.get_data "
                "flask.request.form.get flask.request.args.get\n"
                "flask.request.values.get flask.request.json.get "
                "quart.request.get_json quart.request.get_data\n",
                "source": "flask.palletsprojects.com; quart.palletsprojects.com",
            },
            {
                "kind": "database",
                "names": "django.shortcuts.get_object_or_404 "
                "django.shortcuts.aget_object_or_404\n"
                "django.shortcuts.get_list_or_404 pandas.read_sql "
                "pandas.read_sql_query pandas.read_sql_table\n"
                "polars.read_database frappe.get_doc frappe.get_all "
                "frappe.db.get_value\n",
                "source": "docs.djangoproject.com; pandas.pydata.org/docs",
            },
            {
                "kind": "http",
                "type": "requests.Response",
                "names": "requests.get requests.post requests.put requests.patch "
                "requests.delete requests.head\n"
                "requests.options requests.request curl_cffi.requests.get "
                "curl_cffi.requests.post\n",
                "source": "requests.readthedocs.io",
            },
            {
                "kind": "http",
                "type": "httpx.Response",
                "names": "httpx.get httpx.post httpx.put httpx.patch httpx.delete httpx.head "
                "httpx.options httpx.request\n"
                "httpx.stream\n",
                "source": "python-httpx.org",
            },
            {
                "kind": "http",
                "names": "urllib.request.urlopen urllib3.request urllib3.PoolManager.request "
                "aiohttp.request\n"
                "feedparser.parse wikipedia.summary wikipedia.page "
                "trafilatura.fetch_url yfinance.Ticker\n"
                "yfinance.download gspread.open\n",
                "source": "docs.python.org/3/library/urllib.request; pypi.org",
            },
        ],
        "method": [
            {
                "types": "datetime.datetime datetime.date datetime.time pandas.Timestamp "
                "arrow.Arrow pendulum.DateTime\n"
                "pendulum.Date\n",
                "names": "strftime __format__",
                "effect": "formats",
                "type": "str",
                "format": "0:format",
                "format_style": "strftime",
            },
            {
                "types": "arrow.Arrow pendulum.DateTime pendulum.Date",
                "names": "format",
                "effect": "formats",
                "type": "str",
                "format": "0:fmt",
                "format_style": "tokens",
            },
            {
                "types": "datetime.datetime pandas.Timestamp arrow.Arrow",
                "names": "isoformat",
                "effect": "isoformat",
                "type": "str",
                "format": "1:timespec",
            },
            {
                "types": "datetime.time",
                "names": "isoformat",
                "effect": "isoformat",
                "type": "str",
                "format": "0:timespec",
            },
            {
                "types": "datetime.date",
                "names": "isoformat __str__ ctime",
                "effect": "keeps",
                "type": "str",
            },
            {
                "types": "datetime.datetime arrow.Arrow pandas.Timestamp",
                "names": "date",
                "effect": "coarsens",
                "granularity": "day",
                "type": "datetime.date",
            },
            {
                "types": "pendulum.DateTime",
                "names": "date",
                "effect": "coarsens",
                "granularity": "day",
                "type": "pendulum.Date",
            },
            {
                "types": "datetime.datetime arrow.Arrow pandas.Timestamp pendulum.DateTime",
                "names": "time timetz",
                "effect": "keeps",
                "type": "datetime.time",
            },
            {
                "types": "datetime.datetime pandas.Timestamp arrow.Arrow",
                "names": "timestamp",
                "effect": "keeps",
                "type": "float",
            },
            {
                "types": "datetime.datetime pandas.Timestamp arrow.Arrow pendulum.DateTime",
                "names": "astimezone",
                "effect": "keeps",
                "type": "self",
            },
            {
                "types": "arrow.Arrow",
                "names": "to shift dehumanize",
                "effect": "keeps",
                "type": "arrow.Arrow",
            },
            {
                "types": "pendulum.DateTime",
                "names": "in_timezone in_tz add subtract next previous",
                "effect": "keeps",
                "type": "pendulum.DateTime",
            },
            {
                "types": "pandas.Timestamp",
                "names": "tz_convert tz_localize to_pydatetime",
                "effect": "keeps",
                "type": "datetime.datetime",
            },
            {
                "types": "datetime.datetime datetime.date datetime.time pandas.Timestamp "
                "arrow.Arrow pendulum.DateTime\n"
                "pendulum.Date\n",
                "names": "replace",
                "effect": "replaces",
                "type": "self",
            },
            {
                "types": "datetime.datetime",
                "names": "ctime",
                "effect": "coarsens",
                "granularity": "second",
                "type": "str",
            },
            {
                "types": "datetime.datetime datetime.date",
                "names": "timetuple utctimetuple",
                "effect": "coarsens",
                "granularity": "second",
                "type": "time.struct_time",
            },
            {
                "types": "datetime.datetime datetime.date pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime",
                "names": "weekday isoweekday toordinal",
                "effect": "coarsens",
                "granularity": "day",
                "type": "int",
            },
            {
                "types": "datetime.datetime datetime.date pandas.Timestamp arrow.Arrow",
                "names": "isocalendar",
                "effect": "coarsens",
                "granularity": "day",
                "type": "tuple",
            },
            {
                "types": "pandas.Timestamp",
                "names": "day_name",
                "effect": "coarsens",
                "granularity": "day",
                "type": "str",
            },
            {
                "types": "pandas.Timestamp",
                "names": "month_name",
                "effect": "coarsens",
                "granularity": "month",
                "type": "str",
            },
            {
                "types": "pandas.Timestamp",
                "names": "normalize",
                "effect": "coarsens",
                "granularity": "day",
                "type": "pandas.Timestamp",
            },
            {
                "types": "pendulum.DateTime",
                "names": "to_date_string to_formatted_date_string",
                "effect": "coarsens",
                "granularity": "day",
                "type": "str",
            },
            {
                "types": "pendulum.DateTime",
                "names": "to_datetime_string to_time_string to_day_datetime_string "
                "to_iso8601_string to_atom_string\n"
                "to_cookie_string to_rfc822_string to_rfc850_string "
                "to_rfc1036_string to_rfc1123_string\n"
                "to_rfc2822_string to_rss_string to_w3c_string\n",
                "effect": "coarsens",
                "granularity": "second",
                "type": "str",
            },
            {
                "types": "pendulum.DateTime",
                "names": "to_rfc3339_string isoformat diff_for_humans",
                "effect": "keeps",
                "type": "str",
            },
            {"types": "arrow.Arrow", "names": "humanize", "effect": "keeps", "type": "str"},
            {
                "types": "datetime.datetime datetime.time pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime",
                "names": "utcoffset tzname dst",
                "effect": "fixed",
                "type": "",
            },
            {
                "types": "datetime.timedelta",
                "names": "total_seconds",
                "effect": "keeps",
                "type": "float",
            },
            {"types": "uuid.UUID", "names": "__str__", "effect": "keeps", "type": "str"},
            {
                "types": "pathlib.Path anyio.Path upath.UPath importlib.resources.abc.Traversable",
                "names": "glob rglob iterdir walk",
                "effect": "source",
                "kind": "order",
                "ordering": "listing",
                "type": "generator",
                "source": "docs.python.org/3/library/pathlib: the order is arbitrary",
            },
            {
                "names": "rglob iterdir",
                "effect": "source",
                "kind": "order",
                "ordering": "listing",
                "type": "generator",
                "source": "docs.python.org/3/library/pathlib: the order is arbitrary",
            },
            {
                "types": "multiprocessing.Pool multiprocessing.pool.Pool "
                "multiprocessing.pool.ThreadPool\n"
                "multiprocessing.dummy.Pool billiard.Pool ray.util.ActorPool\n",
                "names": "imap_unordered map_unordered get_next_unordered",
                "effect": "source",
                "kind": "order",
                "ordering": "completion",
                "type": "generator",
                "source": "docs.python.org/3/library/multiprocessing",
            },
            {
                "names": "imap_unordered map_unordered",
                "effect": "source",
                "kind": "order",
                "ordering": "completion",
                "type": "generator",
                "source": "docs.python.org/3/library/multiprocessing",
            },
            {
                "types": "mcp.ClientSession mcp.client.session.ClientSession "
                "mcp.ClientSessionGroup fastmcp.Client\n"
                "fastmcp.client.Client fastmcp.client.client.Client\n",
                "names": "list_tools list_resources list_prompts list_resource_templates "
                "list_tools_mcp",
                "effect": "source",
                "kind": "order",
                "ordering": "server",
                "type": "",
                "source": "modelcontextprotocol.io: a list has no promised order",
            },
            {
                "types": "langchain_mcp_adapters.client.MultiServerMCPClient "
                "langchain_mcp_adapters.MultiServerMCPClient\n",
                "names": "get_tools get_prompt get_resources",
                "effect": "source",
                "kind": "order",
                "ordering": "server",
                "type": "list",
                "source": "github.com/langchain-ai/langchain-mcp-adapters",
            },
            {
                "names": "list_tools list_resource_templates",
                "imports": "mcp fastmcp langchain_mcp_adapters mcp_use",
                "effect": "source",
                "kind": "order",
                "ordering": "server",
                "type": "",
                "source": "modelcontextprotocol.io: a list has no promised order",
            },
            {
                "types": "pathlib.Path",
                "names": "resolve absolute expanduser",
                "effect": "source",
                "kind": "environment",
                "type": "pathlib.Path",
                "source": "docs.python.org/3/library/pathlib",
            },
            {
                "types": "argparse.ArgumentParser",
                "names": "parse_args parse_known_args parse_intermixed_args",
                "effect": "source",
                "kind": "environment",
                "type": "argparse.Namespace",
                "source": "docs.python.org/3/library/argparse",
            },
            {
                "types": "pathlib.Path anyio.Path upath.UPath importlib.resources.abc.Traversable",
                "names": "read_text",
                "effect": "source",
                "kind": "file",
                "type": "str",
                "source": "docs.python.org/3/library/pathlib",
            },
            {
                "types": "pathlib.Path anyio.Path upath.UPath importlib.resources.abc.Traversable",
                "names": "read_bytes stat lstat exists is_file is_dir",
                "effect": "source",
                "kind": "file",
                "type": "",
                "source": "docs.python.org/3/library/pathlib",
            },
            {
                "types": "pathlib.Path anyio.Path upath.UPath importlib.resources.abc.Traversable",
                "names": "open",
                "effect": "source",
                "kind": "file",
                "type": "io.TextIOWrapper",
                "source": "docs.python.org/3/library/pathlib",
            },
            {
                "names": "read_text",
                "effect": "source",
                "kind": "file",
                "type": "str",
                "source": "docs.python.org/3/library/pathlib",
            },
            {
                "types": "io.TextIOWrapper",
                "names": "read readline",
                "effect": "keeps",
                "type": "str",
            },
            {"types": "io.TextIOWrapper", "names": "readlines", "effect": "keeps", "type": "list"},
            {
                "types": "prompt_toolkit.PromptSession "
                "prompt_toolkit.shortcuts.PromptSession rich.console.Console\n",
                "names": "prompt prompt_async input",
                "effect": "source",
                "kind": "turn",
                "type": "str",
                "source": "python-prompt-toolkit.readthedocs.io; rich.readthedocs.io",
            },
            {
                "names": "receive_text chat_input",
                "effect": "source",
                "kind": "turn",
                "type": "str",
                "source": "starlette.io/websockets; docs.streamlit.io",
            },
            {
                "names": "receive_json recognize_google recognize_whisper",
                "effect": "source",
                "kind": "turn",
                "type": "",
                "source": "starlette.io/websockets; pypi.org/project/SpeechRecognition",
            },
            {
                "names": "similarity_search asimilarity_search similarity_search_with_score "
                "asimilarity_search_with_score\n"
                "similarity_search_by_vector "
                "similarity_search_with_relevance_scores\n"
                "max_marginal_relevance_search amax_marginal_relevance_search "
                "get_relevant_documents\n"
                "aget_relevant_documents semantic_search vector_search "
                "hybrid_search knn_search query_points\n"
                "search_points near_text near_vector search_memories search_memory "
                "load_memory_variables\n"
                "aload_memory_variables retrieve_memories recall_memories "
                "get_relevant_memories\n"
                "get_relevant_context get_relevant_chunks get_relevant_docs "
                "get_relevant_history\n"
                "retrieve_context retrieve_documents retrieve_relevant "
                "search_documents search_similar\n"
                "find_similar get_similar get_nns_by_vector search_knowledge "
                "search_knowledge_base query_documents\n",
                "effect": "source",
                "kind": "retrieval",
                "type": "",
                "source": "api.python.langchain.com; docs of vector stores; pain survey of "
                "public code",
            },
            {
                "names": "search asearch query aquery retrieve aretrieve find_relevant "
                "load_memories load_memory\n"
                "get_memories get_memory recall get_context fetch_context "
                "build_context load_context rerank\n"
                "search_text search_web web_search bm25 hybrid get_documents "
                "fetch_documents get_knowledge\n"
                "retrieve_chunks get_chunks get_facts search_facts "
                "get_user_context\n",
                "effect": "source",
                "kind": "retrieval",
                "needs_turn": True,
                "type": "",
                "source": "api.python.langchain.com; docs of vector stores; pain survey of "
                "public code",
            },
            {
                "types": "mem0.Memory mem0.AsyncMemory mem0.MemoryClient "
                "mem0.AsyncMemoryClient zep_cloud.client.Zep\n"
                "supermemory.Supermemory tavily.TavilyClient "
                "tavily.AsyncTavilyClient qdrant_client.QdrantClient\n"
                "qdrant_client.AsyncQdrantClient exa_py.Exa\n",
                "names": "search query query_points search_points get_search_context "
                "qna_search search_and_contents\n",
                "effect": "source",
                "kind": "retrieval",
                "type": "",
                "source": "docs.mem0.ai; qdrant.tech/documentation; docs.tavily.com; "
                "docs.exa.ai (2026-11-25)",
            },
            {
                "types": "langchain_chroma.Chroma langchain_pinecone.PineconeVectorStore "
                "langchain_qdrant.QdrantVectorStore\n"
                "langchain_postgres.PGVector langchain_milvus.Milvus "
                "langchain_weaviate.WeaviateVectorStore\n"
                "langchain_community.vectorstores.FAISS "
                "langchain_community.vectorstores.Chroma\n"
                "langchain.vectorstores.FAISS langchain.vectorstores.Chroma\n"
                "langchain_core.vectorstores.InMemoryVectorStore\n",
                "names": "similarity_search asimilarity_search similarity_search_with_score "
                "asimilarity_search_with_score\n"
                "similarity_search_with_relevance_scores "
                "max_marginal_relevance_search\n"
                "amax_marginal_relevance_search search asearch\n",
                "effect": "source",
                "kind": "retrieval",
                "type": "",
                "source": "api.python.langchain.com (2026-11-25)",
            },
            {
                "names": "fetchone fetchall fetchmany fetchrow fetchval fetch_one fetch_all "
                "fetch_val scalar_one\n"
                "scalar_one_or_none scalars one_or_none find_one find_one_or_none "
                "aget_or_create get_or_create\n"
                "get_or_404 first_or_404 values_list hgetall lrange zrange "
                "smembers get_item scan_iter\n",
                "effect": "source",
                "kind": "database",
                "type": "",
                "source": "peps.python.org/pep-0249; docs.sqlalchemy.org; "
                "docs.djangoproject.com; redis and pymongo docs",
            },
            {
                "types": "sqlite3.Connection sqlite3.Cursor sqlalchemy.orm.Session "
                "sqlalchemy.ext.asyncio.AsyncSession\n"
                "sqlalchemy.engine.Connection sqlmodel.Session asyncpg.Connection "
                "asyncpg.Pool psycopg.Connection\n"
                "psycopg.Cursor psycopg2.extensions.connection "
                "psycopg2.extensions.cursor aiosqlite.Connection\n"
                "pymongo.collection.Collection "
                "motor.motor_asyncio.AsyncIOMotorCollection redis.Redis\n"
                "redis.asyncio.Redis duckdb.DuckDBPyConnection databases.Database "
                "django.db.models.Manager\n"
                "django.db.models.QuerySet\n",
                "names": "execute executemany query scalar scalars get find find_one "
                "aggregate fetch fetchrow fetchval\n"
                "fetchone fetchall fetchmany filter first all one last exec hget "
                "mget keys values sql\n"
                "aget afirst alast acount count exists in_bulk latest earliest\n",
                "effect": "source",
                "kind": "database",
                "type": "",
                "source": "peps.python.org/pep-0249; docs.sqlalchemy.org; "
                "docs.djangoproject.com; redis and pymongo docs",
            },
            {
                "types": "requests.Session httpx.Client httpx.AsyncClient "
                "aiohttp.ClientSession niquests.Session\n"
                "requests_html.HTMLSession curl_cffi.requests.Session "
                "urllib3.PoolManager\n",
                "names": "get post put patch delete head options request stream send",
                "effect": "source",
                "kind": "http",
                "type": "requests.Response",
                "source": "requests.readthedocs.io; python-httpx.org; docs.aiohttp.org",
            },
            {
                "types": "requests.Response httpx.Response",
                "names": "json iter_lines iter_content iter_text aread read",
                "effect": "keeps",
                "type": "",
            },
        ],
        "field": [
            {
                "types": "datetime.datetime pandas.Timestamp arrow.Arrow pendulum.DateTime "
                "whenever.Instant",
                "names": "tzinfo tz timezone_name fold",
                "effect": "fixed",
                "type": "",
            },
            {
                "types": "datetime.datetime datetime.date pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime pendulum.Date\n",
                "names": "year",
                "effect": "coarsens",
                "granularity": "year",
                "type": "int",
            },
            {
                "types": "datetime.datetime datetime.date pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime pendulum.Date\n",
                "names": "month quarter",
                "effect": "coarsens",
                "granularity": "month",
                "type": "int",
            },
            {
                "types": "datetime.datetime datetime.date pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime pendulum.Date\n",
                "names": "day day_of_week dayofweek day_of_year dayofyear week weekofyear "
                "week_of_year week_of_month",
                "effect": "coarsens",
                "granularity": "day",
                "type": "int",
            },
            {
                "types": "datetime.datetime datetime.time pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime",
                "names": "hour",
                "effect": "coarsens",
                "granularity": "hour",
                "type": "int",
            },
            {
                "types": "datetime.datetime datetime.time pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime",
                "names": "minute",
                "effect": "coarsens",
                "granularity": "minute",
                "type": "int",
            },
            {
                "types": "datetime.datetime datetime.time pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime\n",
                "names": "second int_timestamp",
                "effect": "coarsens",
                "granularity": "second",
                "type": "int",
            },
            {
                "types": "datetime.datetime datetime.time pandas.Timestamp arrow.Arrow "
                "pendulum.DateTime",
                "names": "microsecond nanosecond value",
                "effect": "keeps",
                "type": "int",
            },
            {
                "types": "arrow.Arrow pendulum.DateTime",
                "names": "timestamp float_timestamp",
                "effect": "keeps",
                "type": "float",
            },
            {
                "types": "arrow.Arrow",
                "names": "datetime naive",
                "effect": "keeps",
                "type": "datetime.datetime",
            },
            {
                "types": "time.struct_time",
                "names": "tm_year",
                "effect": "coarsens",
                "granularity": "year",
                "type": "int",
            },
            {
                "types": "time.struct_time",
                "names": "tm_mon",
                "effect": "coarsens",
                "granularity": "month",
                "type": "int",
            },
            {
                "types": "time.struct_time",
                "names": "tm_mday tm_wday tm_yday",
                "effect": "coarsens",
                "granularity": "day",
                "type": "int",
            },
            {
                "types": "time.struct_time",
                "names": "tm_hour",
                "effect": "coarsens",
                "granularity": "hour",
                "type": "int",
            },
            {
                "types": "time.struct_time",
                "names": "tm_min",
                "effect": "coarsens",
                "granularity": "minute",
                "type": "int",
            },
            {
                "types": "time.struct_time",
                "names": "tm_sec",
                "effect": "coarsens",
                "granularity": "second",
                "type": "int",
            },
            {
                "types": "datetime.timedelta",
                "names": "days",
                "effect": "coarsens",
                "granularity": "day",
                "type": "int",
            },
            {
                "types": "datetime.timedelta",
                "names": "seconds",
                "effect": "coarsens",
                "granularity": "second",
                "type": "int",
            },
            {"types": "uuid.UUID", "names": "hex urn", "effect": "keeps", "type": "str"},
            {
                "types": "uuid.UUID",
                "names": "int time node clock_seq time_low time_mid time_hi_version bytes fields",
                "effect": "keeps",
                "type": "",
            },
            {"types": "uuid.UUID", "names": "version variant", "effect": "fixed", "type": "int"},
            {
                "types": "subprocess.CompletedProcess",
                "names": "stdout stderr",
                "effect": "keeps",
                "type": "str",
            },
            {
                "types": "subprocess.CompletedProcess",
                "names": "returncode",
                "effect": "keeps",
                "type": "int",
            },
            {
                "types": "requests.Response httpx.Response",
                "names": "text",
                "effect": "keeps",
                "type": "str",
            },
            {
                "types": "requests.Response httpx.Response",
                "names": "content status_code headers url",
                "effect": "keeps",
                "type": "",
            },
        ],
        "attribute": [
            {
                "kind": "environment",
                "names": "os.environ os.environb os.name os.sep os.linesep sys.argv "
                "sys.version sys.version_info sys.platform\n"
                "sys.executable sys.prefix sys.path sys.flags "
                "sys.implementation time.tzname time.timezone\n",
                "source": "docs.python.org/3/library/os and sys",
            },
            {
                "kind": "turn",
                "names": "flask.request.json flask.request.form flask.request.args "
                "flask.request.values flask.request.data\n"
                "flask.request.files flask.request.view_args quart.request.args "
                "bottle.request.json\n"
                "bottle.request.forms bottle.request.query "
                "bottle.request.params\n",
                "source": "flask.palletsprojects.com; quart.palletsprojects.com; bottlepy.org",
            },
            {"kind": "turn", "names": "sys.stdin", "source": "docs.python.org/3/library/sys"},
        ],
        "program": [
            {
                "names": "git",
                "moves": "status diff log stash diff-index diff-files",
                "sure": True,
                "source": "git-scm.com/docs (2026-11-25)",
            },
            {
                "names": "git",
                "moves": "branch show ls-files describe shortlog rev-list worktree",
                "sure": False,
                "source": "git-scm.com/docs (2026-11-25)",
            },
            {
                "names": "date uptime ps top free vmstat df who w netstat ss lsof iostat "
                "sar nvidia-smi",
                "moves": "",
                "sure": True,
                "source": "manual pages of procps, coreutils and iproute2 (2026-11-25)",
            },
            {
                "names": "docker podman kubectl",
                "moves": "ps stats logs top get describe",
                "sure": True,
                "source": "docs.docker.com/reference/cli; "
                "kubernetes.io/docs/reference/kubectl (2026-11-25)",
            },
            {
                "names": "ls find tree du",
                "moves": "",
                "sure": False,
                "source": "manual pages of coreutils and findutils (2026-11-25)",
            },
        ],
        "gauge": [
            {
                "names": "psutil.cpu_percent psutil.virtual_memory psutil.swap_memory "
                "psutil.disk_usage psutil.process_iter\n"
                "psutil.pids psutil.cpu_times psutil.net_io_counters "
                "psutil.sensors_battery os.getloadavg os.times\n"
                "shutil.disk_usage resource.getrusage\n",
                "source": "psutil.readthedocs.io; docs.python.org/3/library/os, shutil, "
                "resource (2026-11-25)",
            }
        ],
        "library": [
            {
                "kind": "database",
                "names": "aiomysql aiopg aioredis aiosqlite asyncpg beanie chromadb "
                "clickhouse_connect databases duckdb\n"
                "elasticsearch faiss flask_sqlalchemy gridfs lancedb meilisearch "
                "mongoengine motor mysql neo4j\n"
                "odmantic opensearchpy peewee pgvector pinecone piccolo pony "
                "psycopg psycopg2 psycopg_pool pymilvus\n"
                "pymongo pymysql pyodbc qdrant_client redis snowflake sqlalchemy "
                "sqlite3 sqlmodel supabase tinydb\n"
                "tortoise weaviate\n",
                "source": "documentation of the libraries named",
            },
            {
                "kind": "http",
                "names": "aiohttp boto3 botocore curl_cffi dropbox feedparser ghapi gitlab "
                "github google_auth_httplib2\n"
                "googleapiclient gspread httpx jira monarchmoney msal "
                "notion_client O365 plaid playwright pyairtable praw requests\n"
                "requests_html scrapy selenium slack_sdk stripe tavily "
                "todoist_api_python twilio urllib3 websocket websockets yfinance "
                "youtube_transcript_api zenpy\n",
                "source": "documentation of the libraries named",
            },
            {
                "kind": "model reply",
                "names": "cohere dspy fastembed groq instructor langchain "
                "langchain_anthropic langchain_core langchain_openai\n"
                "litellm llama_cpp llama_index mistralai ollama openai replicate "
                "sentence_transformers spacy\n"
                "transformers vertexai voyageai whisper\n",
                "source": "documentation of the libraries named",
            },
            {
                "kind": "turn",
                "names": "aiogram aioconsole chainlit discord disnake flask_socketio "
                "gradio nextcord prompt_toolkit pyrogram\n"
                "questionary revChatGPT slack_bolt speech_recognition streamlit "
                "telebot telegram telethon\n",
                "source": "documentation of the libraries named",
            },
            {
                "kind": "literal",
                "names": "attr attrs babel bleach bs4 cachetools colorama cv2 dateutil "
                "dirtyjson emoji html2text inflection\n"
                "jinja2 joblib json5 json_repair jsonpatch jsonpath_ng jsonschema "
                "lxml markdown markdownify marshmallow\n"
                "more_itertools msgspec networkx nltk numpy orjson packaging "
                "pandas parsel pendulum polars pydantic\n"
                "pydantic_core pygments pyparsing pytz rapidfuzz regex rich scipy "
                "simplejson six sklearn slugify\n"
                "sympy tabulate termcolor textstat thefuzz tiktoken tokenizers "
                "toolz toon_format tqdm tzdata tzlocal\n"
                "ujson unidecode xmltodict yaml\n",
                "source": "documentation of the libraries named",
            },
        ],
        "pure": [
            {
                "effect": "keeps",
                "type": "str",
                "names": "str repr format ascii chr hex oct bin json.dumps simplejson.dumps "
                "ujson.dumps rapidjson.dumps\n"
                "textwrap.dedent textwrap.indent textwrap.fill textwrap.shorten "
                "inspect.cleandoc html.escape html.unescape\n"
                "urllib.parse.quote urllib.parse.quote_plus urllib.parse.unquote "
                "urllib.parse.urlencode\n"
                "urllib.parse.urljoin re.sub re.escape string.capwords "
                "string.Formatter.format\n"
                "pprint.pformat yaml.dump yaml.safe_dump toml.dumps tomli_w.dumps "
                "os.path.join os.path.basename\n"
                "os.path.dirname os.path.normpath os.fspath os.path.relpath "
                "unicodedata.normalize locale.str\n"
                "shlex.quote shlex.join xml.sax.saxutils.escape markupsafe.escape "
                "tabulate.tabulate\n"
                "humanize.naturaltime humanize.naturaldate humanize.intcomma "
                "email.utils.format_datetime\n"
                "time.strptime datetime.date.isoformat markdown.markdown "
                "markdownify.markdownify\n"
                "xmltodict.unparse\n",
            },
            {
                "effect": "keeps",
                "type": "str",
                "prefix": "str.",
                "names": "capitalize casefold center expandtabs format format_map join ljust "
                "lower lstrip removeprefix\n"
                "removesuffix replace rjust rstrip strip swapcase title translate "
                "upper zfill __add__ __mod__\n"
                "__mul__ __format__ __getitem__\n",
            },
            {
                "effect": "keeps",
                "type": "list",
                "names": "list str.split str.rsplit str.splitlines re.findall re.split "
                "textwrap.wrap shlex.split\n"
                "list.copy list.__add__ dict.keys dict.values dict.items "
                "itertools.product\n",
            },
            {
                "effect": "keeps",
                "type": "tuple",
                "names": "tuple str.partition str.rpartition divmod",
            },
            {
                "effect": "keeps",
                "type": "dict",
                "names": "dict dict.copy dict.fromkeys collections.OrderedDict "
                "collections.ChainMap dataclasses.asdict vars\n"
                "operator.or_ attrs.asdict attr.asdict\n",
            },
            {
                "effect": "keeps",
                "type": "generator",
                "names": "iter reversed enumerate zip map filter itertools.chain "
                "itertools.chain.from_iterable\n"
                "itertools.islice itertools.repeat itertools.takewhile "
                "itertools.dropwhile itertools.zip_longest\n"
                "itertools.accumulate itertools.starmap itertools.groupby "
                "itertools.pairwise itertools.batched\n"
                "itertools.filterfalse itertools.compress itertools.cycle "
                "itertools.tee itertools.permutations\n"
                "itertools.combinations more_itertools.chunked "
                "more_itertools.flatten\n",
            },
            {
                "effect": "keeps",
                "names": "copy.copy copy.deepcopy typing.cast typing_extensions.cast "
                "operator.add operator.itemgetter\n"
                "operator.attrgetter operator.getitem operator.concat "
                "functools.reduce functools.partial next getattr\n"
                "types.MappingProxyType types.SimpleNamespace json.loads "
                "orjson.loads orjson.dumps simplejson.loads\n"
                "ujson.loads json.load yaml.safe_load yaml.load yaml.full_load "
                "toml.loads toml.load tomllib.loads\n"
                "tomllib.load tomli.loads tomli.load ast.literal_eval bytes "
                "bytearray str.encode bytes.decode\n"
                "base64.b64encode base64.b64decode base64.urlsafe_b64encode "
                "base64.urlsafe_b64decode\n"
                "base64.standard_b64encode base64.standard_b64decode hashlib.md5 "
                "hashlib.sha1 hashlib.sha256\n"
                "hashlib.sha512 hashlib.blake2b zlib.compress gzip.compress "
                "io.StringIO io.BytesIO re.match\n"
                "re.search re.fullmatch asyncio.gather asyncio.wait_for "
                "asyncio.shield asyncio.to_thread\n"
                "asyncio.run asgiref.sync.sync_to_async asgiref.sync.async_to_sync "
                "pydantic.TypeAdapter\n"
                "collections.deque collections.defaultdict collections.Counter "
                "string.Template dict.get dict.pop dict.setdefault list.pop "
                "list.__getitem__\n"
                "dict.__getitem__ decimal.Decimal fractions.Fraction "
                "urllib.parse.urlparse urllib.parse.parse_qs\n"
                "pathlib.Path pathlib.PurePath pathlib.PosixPath os.path.split "
                "os.path.splitext dataclasses.replace\n",
            },
            {
                "effect": "keeps",
                "type": "datetime.datetime",
                "names": "datetime.datetime datetime.datetime.fromtimestamp "
                "datetime.datetime.utcfromtimestamp\n"
                "datetime.datetime.strptime datetime.datetime.fromisoformat "
                "datetime.datetime.combine\n"
                "datetime.datetime.fromordinal dateutil.parser.parse "
                "dateutil.parser.isoparse\n"
                "django.utils.timezone.make_aware django.utils.timezone.make_naive\n"
                "django.utils.dateparse.parse_datetime "
                "email.utils.parsedate_to_datetime dateparser.parse\n",
            },
            {
                "effect": "keeps",
                "type": "datetime.date",
                "names": "datetime.date datetime.date.fromtimestamp "
                "datetime.date.fromisoformat datetime.date.fromordinal\n"
                "datetime.date.fromisocalendar\n",
            },
            {
                "effect": "keeps",
                "type": "datetime.timedelta",
                "names": "datetime.timedelta dateutil.relativedelta.relativedelta",
            },
            {
                "effect": "keeps",
                "type": "float",
                "names": "float time.mktime math.sqrt math.log math.exp statistics.mean "
                "statistics.median",
            },
            {
                "effect": "keeps",
                "type": "int",
                "names": "int round abs math.floor math.ceil math.trunc ord calendar.timegm "
                "operator.index",
            },
            {"effect": "keeps", "type": "re.Pattern", "names": "re.compile"},
            {"effect": "keeps", "type": "uuid.UUID", "names": "uuid.UUID uuid.uuid3 uuid.uuid5"},
            {
                "effect": "sizes",
                "type": "int",
                "names": "len str.count str.find str.index list.count list.index\n",
            },
            {
                "effect": "sizes",
                "type": "bool",
                "names": "bool str.startswith str.endswith str.isdigit str.isalpha "
                "str.isspace str.isupper\n"
                "str.islower any all\n",
            },
            {
                "effect": "orders",
                "type": "list",
                "names": "sorted heapq.nsmallest heapq.nlargest natsort.natsorted "
                "natsort.os_sorted",
            },
            {
                "effect": "orders",
                "names": "min max sum math.fsum math.prod statistics.mode "
                "collections.Counter.total",
            },
            {
                "effect": "fixed",
                "names": "type isinstance issubclass callable hasattr dir help inspect.getdoc "
                "inspect.getsource\n"
                "inspect.signature typing.get_type_hints dataclasses.fields "
                "dataclasses.is_dataclass\n"
                "logging.getLogger print warnings.warn zoneinfo.ZoneInfo "
                "pytz.timezone datetime.timezone\n"
                "datetime.timezone.utc\n",
            },
        ],
        "memoise": [
            {
                "keyed": True,
                "names": "functools.lru_cache functools.cache async_lru.alru_cache "
                "methodtools.lru_cache\n"
                "joblib.Memory.cache joblib.memory.Memory.cache toolz.memoize "
                "cytoolz.memoize boltons.cacheutils.cached\n"
                "funcy.memoize\n",
            },
            {
                "keyed": False,
                "names": "functools.cached_property "
                "django.utils.functional.cached_property\n"
                "werkzeug.utils.cached_property cached_property.cached_property "
                "boltons.cacheutils.cachedproperty\n"
                "propcache.cached_property propcache.api.cached_property\n",
            },
            {
                "keyed": True,
                "expires": ":ttl",
                "names": "streamlit.cache_data streamlit.cache_resource "
                "streamlit.experimental_memo\n"
                "streamlit.experimental_singleton streamlit.cache\n",
            },
            {
                "keyed": True,
                "expires": "0:cache",
                "names": "cachetools.cached cachetools.cachedmethod "
                "cachetools.func.lru_cache cachetools.func.lfu_cache\n"
                "asyncache.cached\n",
            },
            {
                "keyed": True,
                "always_expires": True,
                "expires": ":ttl",
                "names": "cachetools.func.ttl_cache aiocache.cached\n"
                "flask_caching.Cache.memoize flask_caching.Cache.cached "
                "diskcache.Cache.memoize\n"
                "fastapi_cache.decorator.cache cashews.cache "
                "django.views.decorators.cache.cache_page\n"
                "dogpile.cache.CacheRegion.cache_on_arguments\n",
            },
        ],
        "entry": [
            {
                "group": "web",
                "many": True,
                "frameworks": "fastapi flask starlette quart sanic litestar aiohttp bottle "
                "falcon robyn blacksheep django_ninja ninja\n"
                "responder emmett microdot connexion cherrypy pyramid hug "
                "nicegui fasthtml\n",
                "attributes": "get post put patch delete head options route api_route "
                "websocket websocket_route\n",
                "decorators": "litestar.get litestar.post litestar.put litestar.patch "
                "litestar.delete litestar.route\n"
                "litestar.websocket litestar.handlers.get "
                "litestar.handlers.post bottle.route bottle.get bottle.post\n"
                "pyramid.view.view_config flask.views.MethodView.as_view\n"
                "functions_framework.http cherrypy.expose modal.web_endpoint "
                "modal.fastapi_endpoint\n"
                "modal.asgi_app chalice.Chalice.route "
                "azure.functions.FunctionApp.route\n"
                "django.views.decorators.http.require_http_methods "
                "django.views.decorators.http.require_POST\n"
                "django.views.decorators.http.require_GET "
                "django.views.decorators.csrf.csrf_exempt\n"
                "django.contrib.auth.decorators.login_required "
                "rest_framework.decorators.api_view\n"
                "rest_framework.decorators.action\n",
                "bases": "django.views.View django.views.generic.View "
                "django.views.generic.base.View\n"
                "django.views.generic.TemplateView django.views.generic.FormView "
                "django.views.generic.DetailView\n"
                "django.views.generic.ListView django.views.generic.CreateView "
                "django.views.generic.UpdateView\n"
                "rest_framework.views.APIView "
                "rest_framework.generics.GenericAPIView\n"
                "rest_framework.generics.CreateAPIView "
                "rest_framework.generics.RetrieveAPIView\n"
                "rest_framework.viewsets.ViewSet "
                "rest_framework.viewsets.ModelViewSet\n"
                "rest_framework.viewsets.GenericViewSet flask.views.MethodView "
                "flask.views.View\n"
                "flask_restful.Resource flask_restx.Resource "
                "starlette.endpoints.HTTPEndpoint\n"
                "starlette.endpoints.WebSocketEndpoint "
                "starlette.middleware.base.BaseHTTPMiddleware\n"
                "aiohttp.web.View tornado.web.RequestHandler "
                "tornado.websocket.WebSocketHandler\n"
                "http.server.BaseHTTPRequestHandler "
                "http.server.SimpleHTTPRequestHandler\n"
                "channels.generic.websocket.WebsocketConsumer\n"
                "channels.generic.websocket.AsyncWebsocketConsumer\n"
                "channels.generic.websocket.AsyncJsonWebsocketConsumer "
                "litestar.Controller\n",
                "methods": "get post put patch delete head options dispatch dispatch_request "
                "on_receive on_connect on_message\n"
                "receive receive_json do_GET do_POST do_PUT do_DELETE list create "
                "retrieve update partial_update\n"
                "destroy form_valid get_context_data perform_create open\n",
                "user": "request req user current_user payload body data item form session "
                "websocket ws params args\n",
                "registrars": "django.urls.path django.urls.re_path django.conf.urls.url",
                "function": "1:view",
                "source": "docs of the frameworks named",
            },
            {
                "group": "start",
                "many": False,
                "frameworks": "fastapi starlette",
                "registrars": "fastapi.FastAPI fastapi.applications.FastAPI "
                "starlette.applications.Starlette\n",
                "function": ":lifespan",
                "source": "fastapi.tiangolo.com/advanced/events; starlette.io/lifespan",
            },
            {
                "group": "web",
                "many": True,
                "frameworks": "flask fastapi starlette aiohttp sanic",
                "registrar_attributes": "add_url_rule",
                "user": "request",
                "function": "2:view_func",
                "source": "flask.palletsprojects.com",
            },
            {
                "group": "web",
                "many": True,
                "frameworks": "fastapi starlette sanic",
                "registrar_attributes": "add_api_route add_route add_api_websocket_route "
                "add_websocket_route",
                "registrars": "starlette.routing.Route starlette.routing.WebSocketRoute "
                "fastapi.routing.APIRoute",
                "user": "request websocket",
                "function": "1:endpoint",
                "source": "fastapi.tiangolo.com; starlette.io",
            },
            {
                "group": "web",
                "many": True,
                "frameworks": "aiohttp",
                "registrar_attributes": "add_get add_post add_put add_delete add_patch",
                "registrars": "aiohttp.web.get aiohttp.web.post aiohttp.web.put "
                "aiohttp.web.delete aiohttp.web.route",
                "user": "request",
                "function": "1:handler",
                "source": "docs.aiohttp.org",
            },
            {
                "group": "web",
                "many": True,
                "frameworks": "aws_lambda_powertools chalice azure functions_framework "
                "firebase_functions",
                "decorators": "aws_lambda_powertools.logging.Logger.inject_lambda_context "
                "functions_framework.http\n"
                "firebase_functions.https_fn.on_call "
                "firebase_functions.https_fn.on_request\n",
                "functions": [
                    "lambda_handler event context",
                    "handler event context",
                    "lambda_handler event _context",
                    "handler event _context",
                    "main req",
                    "lambda_handler event",
                    "handle event context",
                ],
                "user": "event req request",
                "source": "docs.aws.amazon.com/lambda; "
                "learn.microsoft.com/azure/azure-functions; "
                "cloud.google.com/functions",
            },
            {
                "group": "bot",
                "many": True,
                "frameworks": "discord disnake nextcord interactions hikari revolt",
                "attributes": "event command slash_command hybrid_command listen listener "
                "user_command message_command",
                "decorators": "discord.ext.commands.command "
                "discord.ext.commands.hybrid_command "
                "discord.app_commands.command\n"
                "discord.ext.commands.Cog.listener "
                "discord.ext.commands.Bot.command "
                "discord.ext.commands.Bot.event\n"
                "discord.Client.event discord.Bot.slash_command "
                "discord.slash_command discord.ui.button\n"
                "disnake.ext.commands.slash_command nextcord.slash_command "
                "interactions.slash_command\n"
                "interactions.listen\n",
                "bases": "discord.Client discord.Bot discord.ext.commands.Bot "
                "discord.ext.commands.Cog\n"
                "discord.ext.commands.AutoShardedBot discord.ui.Modal "
                "discord.ui.View disnake.Client\n"
                "disnake.ext.commands.Bot disnake.ext.commands.Cog nextcord.Client "
                "nextcord.ext.commands.Bot\n",
                "methods": "on_message on_message_edit on_reaction_add on_raw_reaction_add "
                "on_member_join on_interaction\n"
                "on_thread_create on_submit callback\n",
                "user": "message ctx interaction context member user",
                "source": "discordpy.readthedocs.io",
            },
            {
                "group": "bot",
                "many": True,
                "frameworks": "telegram aiogram telebot pyrogram telethon pyrotgfork kurigram\n",
                "attributes": "message message_handler callback_query callback_query_handler "
                "inline_query edited_message on_message\n"
                "on_callback_query channel_post\n",
                "decorators": "telethon.events.register pyrogram.Client.on_message "
                "telebot.TeleBot.message_handler\n"
                "telebot.async_telebot.AsyncTeleBot.message_handler "
                "aiogram.Router.message aiogram.Dispatcher.message\n",
                "registrars": "telegram.ext.MessageHandler telegram.ext.CommandHandler "
                "telegram.ext.CallbackQueryHandler\n"
                "telegram.ext.ConversationHandler "
                "telegram.ext.InlineQueryHandler "
                "pyrogram.handlers.MessageHandler\n",
                "function": "1:callback",
                "user": "update message context msg query event callback",
                "source": "docs.python-telegram-bot.org; docs.aiogram.dev; pytba.readthedocs.io",
            },
            {
                "group": "bot",
                "many": True,
                "frameworks": "slack_bolt slack_sdk",
                "attributes": "event message command action shortcut view options function "
                "assistant user_message thread_started\n",
                "decorators": "slack_bolt.App.event slack_bolt.App.message "
                "slack_bolt.App.command slack_bolt.async_app.AsyncApp.event\n"
                "slack_bolt.async_app.AsyncApp.message "
                "slack_bolt.Assistant.user_message\n",
                "user": "event message body say ack client payload context",
                "source": "tools.slack.dev/bolt-python",
            },
            {
                "group": "bot",
                "many": True,
                "frameworks": "chainlit botbuilder matrix nio nonebot khl zulip_bots wechaty "
                "linebot twilio neonize nio_bot\n"
                "maubot errbot rasa_sdk mastodon atproto praw tweepy\n",
                "attributes": "on_message on_chat_start on_event on_mention "
                "on_settings_update handle add",
                "decorators": "chainlit.on_message chainlit.on_chat_start "
                "chainlit.on_chat_resume chainlit.on_audio_end\n"
                "chainlit.action_callback linebot.WebhookHandler.add\n",
                "bases": "botbuilder.core.ActivityHandler "
                "botbuilder.core.teams.TeamsActivityHandler maubot.Plugin\n"
                "errbot.BotPlugin rasa_sdk.Action mastodon.StreamListener "
                "tweepy.StreamingClient\n"
                "zulip_bots.lib.AbstractBotHandler wechaty.Wechaty\n",
                "methods": "on_message_activity on_members_added_activity on_message run "
                "callback_message on_notification on_tweet\n"
                "handle_message\n",
                "user": "message msg event turn_context update session dispatcher tracker",
                "source": "docs.chainlit.io; learn.microsoft.com/azure/bot-service",
            },
            {
                "group": "job",
                "many": True,
                "frameworks": "celery dramatiq rq huey arq taskiq procrastinate apscheduler "
                "prefect dagster airflow faust\n"
                "faststream kombu modal ray temporalio inngest hatchet_sdk "
                "aio_pika nats saq streaq metaflow luigi\n"
                "django_q django_rq background_task django_tasks\n",
                "attributes": "task shared_task actor job agent subscriber flow step asset "
                "activity workflow queue_trigger\n"
                "on_after_configure\n",
                "decorators": "celery.shared_task celery.task celery.Celery.task "
                "dramatiq.actor rq.decorators.job huey.Huey.task\n"
                "huey.RedisHuey.task huey.SqliteHuey.task "
                "huey.contrib.djhuey.task huey.contrib.djhuey.db_task\n"
                "prefect.task prefect.flow dagster.asset dagster.op "
                "dagster.job\n"
                "airflow.decorators.task airflow.decorators.dag "
                "airflow.sdk.task airflow.sdk.dag ray.remote\n"
                "temporalio.activity.defn temporalio.workflow.run "
                "modal.function procrastinate.App.task\n"
                "taskiq.AsyncBroker.task django_rq.job "
                "background_task.background django_tasks.task\n"
                "metaflow.step django.tasks.task\n",
                "bases": "celery.Task luigi.Task metaflow.FlowSpec "
                "airflow.models.BaseOperator "
                "airflow.models.baseoperator.BaseOperator\n"
                "prefect.Flow rq.Worker dramatiq.GenericActor "
                "kombu.mixins.ConsumerMixin\n",
                "methods": "run execute perform on_message start end",
                "user": "event payload message msg job task record item row document doc "
                "user_id body data ticket order\n",
                "source": "docs of the frameworks named",
            },
            {
                "group": "job",
                "many": True,
                "scheduled": True,
                "frameworks": "celery huey arq apscheduler modal azure dramatiq_crontab "
                "procrastinate inngest prefect dagster\n"
                "taskiq streaq rocketry aiocron discord\n",
                "attributes": "cron periodic_task scheduled_job schedule timer_trigger "
                "db_periodic_task periodic crontab loop\n",
                "decorators": "huey.contrib.djhuey.periodic_task "
                "huey.contrib.djhuey.db_periodic_task aiocron.crontab\n"
                "discord.ext.tasks.loop celery.task.periodic_task "
                "schedule.repeat\n",
                "user": "event",
                "source": "docs of the frameworks named",
            },
            {
                "group": "start",
                "many": False,
                "frameworks": "modal",
                "decorators": "modal.App.function modal.Stub.function",
                "keywords": "schedule",
                "source": "modal.com/docs/guide/cron",
            },
            {
                "group": "job",
                "many": True,
                "scheduled": True,
                "frameworks": "apscheduler",
                "registrar_attributes": "add_job add_schedule",
                "function": "0:func",
                "source": "apscheduler.readthedocs.io",
            },
            {
                "group": "job",
                "many": True,
                "frameworks": "rq django_q redis",
                "registrar_attributes": "enqueue enqueue_call enqueue_in enqueue_at",
                "registrars": "django_q.tasks.async_task django_q.tasks.schedule",
                "function": "0:f",
                "source": "python-rq.org",
            },
            {
                "group": "job",
                "many": False,
                "scheduled": True,
                "frameworks": "schedule",
                "registrar_attributes": "do",
                "function": "0:job_func",
                "source": "schedule.readthedocs.io",
            },
            {
                "group": "job",
                "many": True,
                "frameworks": "pika",
                "registrar_attributes": "basic_consume",
                "user": "body",
                "function": ":on_message_callback",
                "source": "pika.readthedocs.io",
            },
            {
                "group": "web",
                "many": True,
                "frameworks": "flask_socketio socketio websockets",
                "attributes": "on event on_event",
                "decorators": "flask_socketio.SocketIO.on socketio.AsyncServer.on "
                "socketio.Server.on",
                "registrars": "websockets.serve websockets.server.serve "
                "websockets.asyncio.server.serve\n"
                "websockets.sync.server.serve\n",
                "user": "data message websocket sid",
                "function": "0:handler",
                "source": "flask-socketio.readthedocs.io; python-socketio.readthedocs.io; "
                "websockets.readthedocs.io",
            },
            {
                "group": "ui",
                "many": False,
                "again": True,
                "frameworks": "textual",
                "decorators": "textual.on",
                "bases": "textual.app.App textual.screen.Screen textual.screen.ModalScreen "
                "textual.widget.Widget\n"
                "textual.widgets.Static textual.containers.Container "
                "textual.containers.Vertical\n"
                "textual.containers.VerticalScroll textual.containers.Horizontal\n",
                "methods": "on_input_submitted on_button_pressed on_text_area_changed on_key",
                "user": "event message",
                "source": "textual.textualize.io",
            },
            {
                "group": "ui",
                "many": False,
                "again": True,
                "frameworks": "PyQt6 PyQt5 PySide6 PySide2 qtpy",
                "registrar_attributes": "connect",
                "events": "clicked pressed released returnPressed triggered textEdited "
                "editingFinished activated itemClicked\n"
                "itemActivated doubleClicked\n",
                "function": "0:slot",
                "source": "doc.qt.io/qtforpython-6 (Signals and Slots)",
            },
            {
                "group": "ui",
                "many": False,
                "again": True,
                "frameworks": "tkinter customtkinter ttkbootstrap",
                "registrar_attributes": "bind",
                "registrars": "tkinter.Button tkinter.ttk.Button customtkinter.CTkButton "
                "ttkbootstrap.Button\n",
                "function": ":command",
                "source": "docs.python.org/3/library/tkinter; customtkinter.tomschimansky.com",
            },
            {
                "group": "cli",
                "many": False,
                "frameworks": "click typer rich_click asyncclick cyclopts fire plac invoke "
                "nox cappa doit clize",
                "attributes": "command group callback default",
                "decorators": "click.command click.group click.Group.command "
                "typer.Typer.command typer.Typer.callback\n"
                "rich_click.command rich_click.group asyncclick.command "
                "cyclopts.App.default cyclopts.App.command\n"
                "invoke.task plac.annotations\n",
                "bases": "django.core.management.base.BaseCommand "
                "django.core.management.BaseCommand cmd.Cmd\n"
                "cmd2.Cmd cement.Controller cleo.commands.command.Command\n",
                "methods": "handle execute default do_ask do_chat cmdloop",
                "registrars": "fire.Fire typer.run asyncio.run anyio.run trio.run defopt.run "
                "clize.run cyclopts.run",
                "function": "0:",
                "user": "prompt question query text message",
                "source": "click.palletsprojects.com; typer.tiangolo.com; "
                "docs.python.org/3/library/cmd",
            },
            {
                "group": "ui",
                "many": True,
                "frameworks": "gradio panel solara mesop reflex taipy dash marimo shiny",
                "attributes": "callback input_event",
                "decorators": "dash.callback mesop.page mesop.labs.text_to_text "
                "solara.component shiny.reactive.effect",
                "registrar_attributes": "click submit change upload input then success select",
                "registrars": "gradio.Interface gradio.ChatInterface gradio.Button.click "
                "gradio.Textbox.submit\n"
                "panel.chat.ChatInterface mesop.labs.chat\n",
                "function": "0:fn",
                "bases": "reflex.State rx.State",
                "user": "message history request text prompt query question",
                "source": "gradio.app/docs; dash.plotly.com",
            },
            {
                "group": "tool",
                "many": True,
                "frameworks": "mcp fastmcp langchain_core langchain anthropic smolagents "
                "agents pydantic_ai strands",
                "attributes": "tool resource prompt tool_plain call_tool",
                "decorators": "mcp.server.fastmcp.FastMCP.tool fastmcp.FastMCP.tool "
                "langchain_core.tools.tool langchain.tools.tool\n"
                "langchain.agents.tool anthropic.beta_tool "
                "anthropic.beta_async_tool smolagents.tool\n"
                "agents.function_tool strands.tool claude_agent_sdk.tool\n",
                "user": "query question text input",
                "source": "modelcontextprotocol.io; docs of the libraries named",
            },
        ],
        "servers": {
            "words": "FastMCP( mcp.server StdioServerParameters StdioTransport",
            "source": "github.com/modelcontextprotocol/python-sdk: tools are kept in a "
            "dict, in the order they are added",
        },
        "histories": {
            "sessions": "streamlit.session_state chainlit.user_session flask.session "
            "nicegui.app.storage.user\n"
            "nicegui.app.storage.client nicegui.app.storage.browser "
            "mesop.state\n",
            "cookies": "flask.session",
            "on_server": "flask_session flask_kvsession flask_sessionstore session_interface",
            "reruns": "streamlit",
            "shorteners": "trim truncat prun compact compress condens summar shrink "
            "shorten limit window evict drop clean manag\n"
            "fit fits budget reduc cut slid enforc maintain rotat "
            "forget expir clamp squash\n",
            "source": "docs.streamlit.io; docs.chainlit.io; flask.palletsprojects.com "
            "(quickstart, Sessions: a cookie, extensions keep it on the "
            "server); RFC 6265, 6.1 (4096 bytes per cookie); nicegui.io",
        },
        "bases": {
            "names": "pendulum.Date = datetime.date\n"
            "pendulum.datetime.DateTime = pendulum.DateTime\n"
            "pendulum.DateTime = datetime.datetime\n"
            "pandas.Timestamp = datetime.datetime\n"
            "pathlib.PosixPath = pathlib.Path\n"
            "pathlib.WindowsPath = pathlib.Path\n"
            "whenever.ZonedDateTime = whenever.Instant\n"
            "freezegun.api.FakeDatetime = datetime.datetime\n"
            "numpy.random.RandomState = numpy.random.Generator\n"
            "aiohttp.ClientResponse = requests.Response\n"
            "subprocess.Popen = subprocess.CompletedProcess\n"
        },
        "vocabulary": {
            "asked": "query question",
            "entity": "user users user_id uid username user_name first_name "
            "last_name full_name display_name nickname name\n"
            "author sender recipient owner member guild guild_id channel "
            "channel_id server_id team team_id person\n"
            "people profile user_profile preferences prefs user_info "
            "user_data user_context bio birthday\n"
            "email email_address phone phone_number address location city "
            "country locale timezone\n"
            "user_language gender age tenant tenant_id customer "
            "customer_id customer_name client_id client_name\n"
            "account account_id org org_id organization organization_id "
            "organisation company company_name\n"
            "company_id workspace workspace_id project project_id "
            "project_name session session_id chat chat_id\n"
            "conversation_id thread_id room room_id request_id trace_id "
            "correlation_id run_id message_id job_id\n"
            "task_id document documents doc docs doc_id document_id "
            "document_text document_content page pages\n"
            "page_content chunk chunks passage paragraph section article "
            "post comment comments review reviews\n"
            "transcript transcription resume cv record records row rows "
            "entry entries item items example sample\n"
            "samples ticket tickets ticket_id order orders order_id "
            "invoice contract product products\n"
            "product_id product_name sku listing lead leads contact "
            "contacts candidate patient student employee\n"
            "applicant case case_id issue issues bug pr pull_request "
            "commit diff patch file_content file_contents\n"
            "file_text file_path filename file_name path url link website "
            "domain title subject topic category\n"
            "symbol ticker stock player character game event_data "
            "record_id entity entity_id id ids image images photo audio "
            "data df dataframe dataset csv_data source_code\n"
            "code snippet content_id memory memories facts notes "
            "knowledge\n",
            "turn": "message messages msg msgs user_message user_msg user_messages "
            "user_input user_text user_prompt\n"
            "user_query user_question user_request question questions query "
            "queries prompt prompts text texts\n"
            "input input_text inputs content contents utterance request "
            "request_text instruction instructions_text\n"
            "task task_description goal objective command history "
            "chat_history conversation conversation_history\n"
            "message_history dialog dialogue turn turns reply replies "
            "response_text answer answers body\n"
            "description statement sentence claim input_data update event "
            "new_message last_message context contexts\n"
            "state req payload utterances user_turn prompt_text\n"
            "context_docs retrieved_docs retrieved_context search_results "
            "results\n",
            "config": "self cls mcs client clients anthropic anthropic_client "
            "async_client api_client http_client llm_client\n"
            "ai_client bedrock_client settings setting config cfg conf "
            "configuration options opts args kwargs\n"
            "logger log console db database conn connection cursor engine "
            "pool redis cache store repo repository\n"
            "storage bucket model models model_name model_id models_config "
            "llm llm_model default_model system\n"
            "system_prompt system_message system_text system_instruction "
            "system_instructions instructions\n"
            "prompt_template template templates base_prompt "
            "base_instructions persona role tools tool tool_list\n"
            "tool_definitions tool_schemas tool_choice functions "
            "temperature top_p top_k max_tokens\n"
            "max_output_tokens stop stop_sequences timeout retries "
            "max_retries retry api_key key_name token\n"
            "tokens base_url endpoint headers verbose debug stream "
            "streaming output_format response_format\n"
            "response_model schema_class json_schema output_schema "
            "thinking thinking_budget budget_tokens effort\n"
            "betas extra_headers extra_body metadata tracer callback "
            "callbacks on_token handler executor loop\n"
            "semaphore lock app bot service services manager registry "
            "factory provider agent agent_name agent_id\n"
            "assistant_name bot_name app_name service_name tool_name "
            "function_name class_name module_name\n"
            "template_name prompt_name skill_name node_name field_name "
            "column_name env_name deployment_name\n"
            "region_name host_name hostname provider_name collection_name "
            "index_name db_name table_name\n"
            "metric_name step_name variable_name param_name event_name "
            "type_name method_name package_name\n"
            "prefix suffix preamble header footer guidelines rules policy "
            "policies constraints examples few_shot\n"
            "few_shot_examples prompt_path prompt_file prompt_dir "
            "prompt_prefix prompt_suffix system_blocks\n"
            "base_system region aws_region\n"
            "model_config cache_control ttl batch_size chunk_size limit n "
            "k version env environment mode debug_mode\n"
            "background_tasks dependencies deps job_queue\n",
            "config_first": "max min num is has use enable disable default system n "
            "should with allow",
            "config_heads": "model api base tool llm cache client config",
            "entity_heads": "user customer tenant account org company member patient "
            "student candidate employee profile\n"
            "document doc file page record row ticket order product "
            "project\n",
            "turn_heads": "question query message msg",
        },
    }
