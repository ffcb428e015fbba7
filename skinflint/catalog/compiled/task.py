"""Written by scripts/compile_catalog.py from data/task.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "source": "read in the request sites of 32 public projects (GitHub, PyPI) and the SDK, "
        "anthropic 2.12.0",
        "date": "2026-11-25",
        "sizes": {
            "label": 32,
            "short": 256,
            "thinking": 4000,
            "efforts": "high xhigh max",
            "low": "low",
        },
        "words": {
            "label": {
                "verbs": "classify classifies classified classifying classifier "
                "classification categorize categorise\n"
                "categorizes categorizer categorized categorization "
                "categorisation label labels labeling labelling\n"
                "labeler tag tagger tagging moderate moderator moderation "
                "pick choose is should has\n"
                "clasificar clasifica clasificador clasificacion etiquetar "
                "moderar elegir\n"
                "classificar classifica classificador classificacao "
                "classificação rotular etiquetar\n"
                "classer classifier classement étiqueter categoriser "
                "catégoriser\n"
                "klassifizieren klassifiziere klassifikation einordnen "
                "kategorisieren\n"
                "классифицировать классификация\n",
                "nouns": "label category categories class classification sentiment "
                "intent\n"
                "categoria etiqueta sentimiento sentimento intencion "
                "kategorie stimmung absicht категория\n",
            },
            "routing": {
                "verbs": "route routes router routing triage triages decide "
                "decider decides\n"
                "enrutar encaminar rotear roteador roteamento encaminhar "
                "decidir aiguiller router trier décider\n"
                "weiterleiten entscheiden маршрутизация\n",
                "nouns": "route destination decision next_action next_step",
            },
            "judgement": {
                "verbs": "judge judges judging judgement judgment grade grades "
                "grader grading score scores scorer scoring\n"
                "rate rates rater rating rank ranks ranker ranking "
                "rerank reranker evaluate evaluates evaluator\n"
                "evaluation eval evals\n"
                "juzgar calificar puntuar evaluar evaluador valorar "
                "avaliar avaliador pontuar julgar\n"
                "évaluer evaluer évaluateur noter juger bewerten "
                "bewertung bewerter beurteilen\n"
                "оценить оценка судья\n",
                "nouns": "score rating grade verdict judgement judgment "
                "evaluation assessment importance relevance quality\n"
                "puntuacion puntuación nota pontuacao pontuação "
                "bewertung punktzahl\n",
            },
            "title": {
                "verbs": "name_conversation name_chat name_thread titulize titular "
                "betiteln intituler\n",
                "nouns": "title titles headline headlines slug titulo título titre "
                "titel überschrift заголовок\n",
            },
            "translation": {
                "verbs": "translate translates translated translator "
                "translation traducir traduce traductor traduccion\n"
                "traducción traduzir tradutor traducao tradução "
                "traduire traducteur traduction übersetzen\n"
                "uebersetzen übersetzer übersetzung uebersetzung "
                "перевести перевод\n",
                "nouns": "translation traduccion traducción traducao tradução "
                "traduction übersetzung перевод",
            },
            "summary": {
                "verbs": "summarize summarise summarizes summarises summarizer "
                "summariser summarizing summarising\n"
                "summarization compact compaction compactor compress "
                "compressor compression condense recap\n"
                "resumir resume resumen resumo resumidor résumer resumer "
                "zusammenfassen zusammenfassung\n"
                "суммаризировать резюмировать\n",
                "nouns": "summary summaries digest tldr abstract recap resumen "
                "resumo résumé zusammenfassung резюме",
            },
            "extraction": {
                "verbs": "extract extracts extractor extraction extracting "
                "parse parses parser parsing transcribe ocr\n"
                "extraer extractor extraccion extracción extrair "
                "extrator extracao extração extraire\n"
                "extrahieren extraktion извлечь извлечение\n",
                "nouns": "entities keywords facts metadata",
            },
            "open-answer": {
                "verbs": "chat chats reply replies respond answer answers "
                "converse ask write writes writer draft drafts\n"
                "compose composes explain brainstorm fix fixes "
                "refactor plan plans design implement improve "
                "rewrite\n"
                "solve merge merges combine consolidate synthesize "
                "synthesise analyze analyse analyzes analyzer\n"
                "diagnose investigate research propose proposes "
                "suggest advise recommend narrate story tutor\n"
                "generate generates generating generator invent "
                "generar gerar générer generieren erzeugen\n"
                "responder conversar escribir redactar escrever "
                "redigir répondre écrire rédiger antworten "
                "schreiben\n"
                "ответить написать\n",
                "nouns": "answer chat story essay article post report code "
                "plan email letter lesson narrative proposal\n"
                "improvement\n",
            },
            "makes": {
                "verbs": "generate generates generator create creates creator make "
                "makes build builds produce write invent\n"
                "generar crear gerar criar générer creer créer erzeugen "
                "erstellen generieren\n"
            },
            "other": {
                "verbs": "send save store load update delete remove render show "
                "print display fetch migrate sync\n"
                "handle reformat format process test check validate "
                "convert read count search query\n"
                "execute stream track log record retry cache insert upload "
                "download\n"
            },
            "ends": {
                "verbs": "prompt prompts template system model instructions "
                "instruction message messages text async sync batch\n"
                "claude llm ai api schema tool config client response "
                "result results\n"
            },
        },
        "choice": {
            "meant": "deliberate\n"
            "deliberately\n"
            "on purpose\n"
            "intentional\n"
            "intentionally\n"
            "by design\n"
            "non-negotiable\n"
            "not negotiable\n"
            "do not downgrade\n"
            "don't downgrade\n"
            "needs opus\n"
            "requires opus\n"
            "opus is needed\n"
            "opus is required\n"
            "must be opus\n"
            "haiku is not\n"
            "haiku was not\n"
            "haiku isn't\n"
            "haiku wasn't\n"
            "haiku fails\n"
            "haiku failed\n"
            "haiku misses\n"
            "haiku missed\n"
            "sonnet is not\n"
            "sonnet was not\n"
            "sonnet isn't\n"
            "sonnet wasn't\n"
            "sonnet fails\n"
            "sonnet failed\n"
            "sonnet missed\n"
            "sonnet misses\n"
            "smaller models\n"
            "cheaper models\n"
            "weaker models\n"
            "quality matters\n"
            "accuracy matters\n"
            "worth the cost\n"
            "worth the price\n"
            "absichtlich\n"
            "bewusst\n"
            "de propósito\n"
            "a propósito\n"
            "intencional\n"
            "exprès\n"
            "délibéré\n"
            "volontairement\n"
            "намеренно\n"
            "специально\n",
            "pinned": "pin\n"
            "pinned\n"
            "pinning\n"
            "do not upgrade\n"
            "don't upgrade\n"
            "do not change\n"
            "don't change\n"
            "do not bump\n"
            "reproducible\n"
            "reproducibility\n"
            "reproduce\n"
            "frozen\n",
            "compares": "compare compares comparing comparison benchmark benchmarks "
            "bench leaderboard arena shootout ablation",
            "referees": "judge judges judging eval evals evaluate evaluator evaluation "
            "grader grade",
        },
        "narration": {
            "thinks": "think step by step\n"
            "think step-by-step\n"
            "thinking step by step\n"
            "think it through step by step\n"
            "reason step by step\n"
            "reason step-by-step\n"
            "think out loud\n"
            "think aloud\n"
            "step by step reasoning\n"
            "step-by-step reasoning\n"
            "denke schritt für schritt\n"
            "denk schritt für schritt\n"
            "piensa paso a paso\n"
            "pense passo a passo\n"
            "réfléchis étape par étape\n"
            "réfléchissez étape par étape\n"
            "думай шаг за шагом\n"
            "подумай шаг за шагом\n"
            "一步一步地思考\n"
            "一步步思考\n"
            "ステップバイステップで考え\n",
            "explains": "explain your reasoning\n"
            "explain your thinking\n"
            "explain your answer\n"
            "explain why\n"
            "show your reasoning\n"
            "show your work\n"
            "show your thinking\n"
            "justify your answer\n"
            "give your reasoning\n"
            "describe your reasoning\n"
            "with a short explanation\n"
            "with a brief explanation\n"
            "begründe deine antwort\n"
            "erkläre deine antwort\n"
            "explica tu razonamiento\n"
            "justifica tu respuesta\n"
            "explique seu raciocínio\n"
            "explique ton raisonnement\n"
            "объясни свой ответ\n",
        },
        "prompts": {
            "label": "classify\n"
            "categorize\n"
            "categorise\n"
            "one of the following categories\n"
            "one of these categories\n"
            "which category\n"
            "respond with only the label\n"
            "answer yes or no\n"
            "answer with yes or no\n"
            "respond with yes or no\n"
            "reply with yes or no\n"
            'only "yes" or "no"\n'
            "one word only\n"
            "a single word\n"
            "clasifica\n"
            "responde sí o no\n"
            "responde solo con\n"
            "classifique\n"
            "responda apenas com\n"
            "responda sim ou não\n"
            "categorize\n"
            "classe ce\n"
            "classez\n"
            "réponds par oui ou non\n"
            "répondez par oui ou non\n"
            "klassifiziere\n"
            "ordne\n"
            "antworte mit ja oder nein\n"
            "antworte nur mit\n"
            "صنف\n"
            "أجب بنعم أو لا\n"
            "סווג\n"
            "ענה כן או לא\n"
            "классифицируй\n"
            "ответь да или нет\n"
            "одним словом\n"
            "分類し\n"
            "分類して\n"
            "はいかいいえ\n"
            "分类\n"
            "归类\n"
            "回答是或否\n",
            "routing": "route the request\n"
            "route this\n"
            "which agent should\n"
            "which tool should\n"
            "choose the next action\n"
            "decide which\n"
            "decide what to do\n"
            "which team\n"
            "enruta\n"
            "encaminhe\n"
            "leite weiter\n"
            "أي وكيل\n"
            "どのエージェント\n"
            "选择哪个\n",
            "judgement": "on a scale of\n"
            "on a scale from\n"
            "rate the\n"
            "rate how\n"
            "score each\n"
            "score the\n"
            "grade the\n"
            "grade this\n"
            "you are a judge\n"
            "you are an impartial judge\n"
            "evaluate the following\n"
            "evaluate whether\n"
            "en una escala de\n"
            "califica\n"
            "evalúa\n"
            "puntúa\n"
            "em uma escala de\n"
            "numa escala de\n"
            "avalie\n"
            "sur une échelle de\n"
            "évalue\n"
            "note de\n"
            "auf einer skala von\n"
            "bewerte\n"
            "قيّم\n"
            "على مقياس من\n"
            "דרג\n"
            "בסולם\n"
            "оцени\n"
            "по шкале от\n"
            "評価して\n"
            "点数\n"
            "评分\n"
            "打分\n",
            "title": "write a title\n"
            "generate a title\n"
            "generate a short title\n"
            "a concise title\n"
            "short title\n"
            "suggest a title\n"
            "come up with a title\n"
            "genera un título\n"
            "gere um título\n"
            "génère un titre\n"
            "einen titel\n"
            "اكتب عنوان\n"
            "כותרת\n"
            "придумай заголовок\n"
            "タイトルを\n"
            "生成标题\n"
            "标题\n",
            "translation": "translate the\n"
            "translate this\n"
            "translate from\n"
            "translate into\n"
            "traduce\n"
            "traduzca\n"
            "traduza\n"
            "traduis\n"
            "traduisez\n"
            "übersetze\n"
            "ترجم\n"
            "תרגם\n"
            "переведи\n"
            "翻訳して\n"
            "翻译\n",
            "summary": "summarize\n"
            "summarise\n"
            "write a summary\n"
            "a brief summary\n"
            "concise summary\n"
            "resume el\n"
            "resume la\n"
            "resuma\n"
            "résume\n"
            "résumez\n"
            "fasse zusammen\n"
            "fasse den\n"
            "zusammenfassung\n"
            "لخص\n"
            "סכם\n"
            "кратко изложи\n"
            "сделай краткое\n"
            "要約\n"
            "总结\n"
            "概括\n",
            "extraction": "extract the\n"
            "extract all\n"
            "extract any\n"
            "extract memorable\n"
            "extract information\n"
            "return a json\n"
            "respond with json\n"
            "respond in json\n"
            "output json\n"
            "valid json\n"
            "extrae\n"
            "devuelve un json\n"
            "extraia\n"
            "retorne um json\n"
            "extrais\n"
            "extrayez\n"
            "extrahiere\n"
            "gib json\n"
            "استخرج\n"
            "חלץ\n"
            "извлеки\n"
            "верни json\n"
            "抽出\n"
            "jsonで\n"
            "提取\n"
            "返回json\n",
        },
        "fields": {
            "label": "category categories label labels class type kind sentiment intent "
            "topic language tag tags\n"
            "emotion tone genre is relevant spam toxic safe match valid\n",
            "routing": "route agent destination handler next action tool department queue",
            "judgement": "score scores rating grade verdict decision pass passed correct "
            "winner rank relevance importance quality\n"
            "severity judgement judgment\n",
            "title": "title headline slug",
            "explains": "reason reasons reasoning rationale explanation explanations "
            "confidence evidence notes note comment\n"
            "comments justification thought thoughts thinking analysis "
            "feedback certainty flags description\n"
            "id index pros cons why\n",
        },
        "readers": {
            "prose": "reason reasons reasoning rationale explanation explanations "
            "justification thought thoughts thinking\n"
            "analysis feedback description comment comments note notes why\n",
            "data": "json.loads orjson.loads ujson.loads simplejson.loads json5.loads "
            "demjson3.decode rapidjson.loads\n"
            "json_repair.loads json_repair.repair_json repair_json "
            "yaml.safe_load yaml.load ast.literal_eval\n"
            "literal_eval toml.loads tomllib.loads xmltodict.parse "
            "ET.fromstring ElementTree.fromstring\n"
            "etree.fromstring csv.reader csv.DictReader pydantic_core.from_json "
            "msgspec.json.decode\n"
            "JSONDecoder raw_decode parse_obj_as parse_raw_as\n",
            "validators": "model_validate_json parse_raw validate_json model_validate "
            "parse_obj validate_python",
            "numbers": "int float Decimal decimal.Decimal",
            "searches": "search match fullmatch findall finditer",
            "parsers": "parse parses parser json loads decode deserialize unmarshal jsonify",
            "texts": "text texts content message string str body join",
            "cleans": "clean cleanup strip trim normalize normalise sanitize unfence "
            "unwrap remove repair dedent",
            "records": "log logs logger logging debug info warning warn error exception "
            "track tracker usage cost costs\n"
            "token tokens metric metrics trace span record telemetry audit "
            "emit stats counter count print_debug\n",
            "shows": "print pprint echo rprint secho markdown write_stream chat_message "
            "reply reply_text send_message\n"
            "send respond say answer followup edit_message_text edit_text "
            "send_text send_json write_message\n"
            "speak toast Markdown JSONResponse PlainTextResponse "
            "StreamingResponse HTMLResponse jsonify\n",
            "keeps": "strip lstrip rstrip lower upper casefold title capitalize replace "
            "removeprefix removesuffix\n"
            "split rsplit splitlines partition rpartition translate encode "
            "decode join format group groups\n"
            "expandtabs zfill ljust rjust center\n",
            "hands_on": "str list tuple sorted reversed next iter cast dedent "
            "typing.cast textwrap.dedent wait_for\n"
            "asyncio.wait_for shield gather enumerate zip map filter set "
            "deepcopy copy unescape html.unescape\n"
            "re.sub sub TextBlock awaitable run_until_complete asyncio.run "
            "run\n",
            "messages": "Message BetaMessage ParsedMessage ParsedBetaMessage",
            "neutral": "len bool isinstance hasattr type repr id hash callable dir vars issubclass",
        },
    }
