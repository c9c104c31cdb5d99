"""A server process of the app as far as a test needs one: it answers from several threads until it is told to stop.

python -m tests.faults.asker < (anything) - each line written is one JSON object: what one question and one search
gave, compared with what they gave before the load began. It ends when its input ends.
"""

from __future__ import annotations

import json
import sys
import threading

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.langchain import GuidelineRetriever

QUESTION = "What is the rating of ultrasound of the wrist?"
SEARCHES = ("ultrasound of the wrist", "radiation dose of CT", "next step when radiographs are normal")
THREADS = 4


def main() -> None:
    assistant = Assistant.open()
    retriever = GuidelineRetriever(assistant=assistant, k=3)

    def search(query: str) -> list[str]:
        return [str(document.id) for document in retriever.invoke(query)]

    expected = {query: search(query) for query in SEARCHES}
    answer = assistant.ask(QUESTION)
    stopped, lock = threading.Event(), threading.Lock()

    def say(**record: object) -> None:
        with lock:
            sys.stdout.write(f"\n{json.dumps(record)}\n")  # in one piece, on a line of its own
            sys.stdout.flush()

    def work(number: int) -> None:
        while not stopped.wait(0.02):
            query = SEARCHES[number % len(SEARCHES)]
            number += 1
            try:
                say(search="right" if search(query) == expected[query] else "wrong")
            except AssistantError as error:
                say(search="error", message=str(error))
            except Exception as error:
                say(search="defect", message=f"{type(error).__name__}: {error}")
            say(answer="right" if assistant.ask(QUESTION) == answer else "wrong")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    say(ready=True)
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stopped.set()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
