"""Written by scripts/compile_catalog.py from data/stored.toml; not to be edited."""

from __future__ import annotations

from typing import Any


def tables() -> dict[str, Any]:
    """The tables of the file, new ones with each call."""
    return {
        "source": "docs.python.org/3/library, pandas.pydata.org/docs, "
        "huggingface.co/docs/datasets, github.com/tqdm/tqdm, rich.readthedocs.io; "
        "read in the loops of public projects",
        "date": "2026-11-26",
        "reads": {
            "all": "listdir scandir iterdir glob iglob rglob walk DictReader reader "
            "readlines open\n"
            "read_csv read_excel read_json read_jsonl read_parquet read_table "
            "read_pickle read_feather read_sql\n"
            "read_sql_query load_dataset load_from_disk read_text load_workbook "
            "scroll\n"
            "fetchall fetch execute\n",
            "of": "json.load pickle.load jsonlines.open csv.reader",
            "sets": "listdir scandir iterdir glob iglob rglob DictReader read_csv "
            "read_excel read_json read_jsonl\n"
            "read_parquet read_table read_feather load_dataset load_from_disk\n",
            "sets_of": "jsonlines.open csv.reader",
            "sets_up": "config configs configuration settings setting cfg conf options "
            "params args env",
            "hands_on": "list tuple set sorted reversed enumerate zip iter filter map "
            "dict loads load chain from_iterable\n"
            "DataFrame Series deepcopy\n",
            "cuts": "head sample tail islice nlargest nsmallest most_common choices take "
            "first limit",
            "picks": "select",
            "queries": "fetchall fetch execute read_sql read_sql_query",
        },
        "long": {
            "bars": "tqdm trange atqdm tqdm_notebook track alive_it alive_bar progressbar "
            "ProgressBar",
            "sleeps": "sleep",
            "there": "exists is_file isfile isdir is_dir",
            "done": "done processed completed complete existing finished already cached "
            "cache checkpoint resume",
        },
        "keeps": {
            "all": "write_text write_bytes writelines writerow writerows to_csv to_json "
            "to_jsonl to_excel to_parquet\n"
            "to_sql to_pickle to_feather savetxt save_to_disk push_to_hub "
            "executemany commit upsert insert\n"
            "insert_one insert_many insert_rows update_one update_many replace_one "
            "bulk_write bulk_insert\n"
            "put_item put_object add_all append_row append_rows batch_update\n",
            "of": "json.dump pickle.dump yaml.dump yaml.safe_dump joblib.dump torch.save np.save",
            "placed": "insert",
            "queries": "execute run_query run",
            "words": "INSERT UPDATE REPLACE MERGE",
            "opens": "open",
            "modes": "wax+",
        },
        "telling": {
            "all": "print info debug warning error log echo secho write set_description "
            "set_postfix set_postfix_str"
        },
        "others": {
            "modules": "openai ollama groq mistralai cohere litellm replicate together "
            "vertexai google.generativeai\n"
            "google.genai google.cloud.aiplatform langchain langchain_openai "
            "langchain_google_genai langchain_ollama\n"
            "transformers vllm zhipuai dashscope\n",
            "ours": "anthropic claude",
            "theirs": "openai gpt gemini google vertex vertexai groq ollama llama "
            "mistral mixtral deepseek cohere openrouter\n"
            "azure bedrock huggingface qwen grok xai together perplexity "
            "fireworks moonshot kimi zhipu dashscope\n"
            "glm nemotron gemma\n",
        },
    }
