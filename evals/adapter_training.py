"""Fits an adapter: low-rank changes of the embedding model and a logistic head, by torch.

Training is seeded, but sums of floats differ between machines: the adapter that is kept is data, not a build product.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assistant.retrieval.adapter import AdaptedModel, Adapter
from assistant.retrieval.models import locate_model, switch_off_network
from evals.progress import Progress

HEAD_RATE, BATCH = 1e-2, 32
RANK, SCALE = 16, 2.0
HEAD_SCALE = 10.0
_DROPOUT = 0.2  # of the head's inputs; within the layers it would take a quarter of the time
SEED = 0
_WARM_UP = 0.1
_MORE_EPOCHS, _MORE_RATE = 2, 4e-4  # where a kept adapter is fitted further
_UNSURE = 0.1  # how far from the truth it is then called unsure
_EASY_PART = 5  # one in so many of the rest is kept
_NEAR = 20  # batches of similar length are cut from so many batches at a time
_CHANGED = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How an adapter is fitted: texts are cut at `longest` tokens; from `start`, if there is one, or anew.

    Layers before `first_layer` stay as they are.
    """

    epochs: int = 3
    rate: float = 7e-4
    longest: int = 112
    first_layer: int = 1
    threshold: float = 0.9
    start: Adapter | None = None


def train_adapter(texts: Sequence[str], of_class: Sequence[bool], fit: Fit) -> Adapter:
    """Return an adapter whose head gives the probability that a text is of the class."""
    switch_off_network()
    import torch
    from transformers import AutoModel, AutoTokenizer

    class LowRank(torch.nn.Module):
        def __init__(self, linear: Any, start: tuple[Any, Any] | None) -> None:
            super().__init__()
            self.linear = linear
            a = torch.randn(RANK, linear.in_features) / linear.in_features**0.5
            b = torch.zeros(linear.out_features, RANK)
            first, second = (a, b) if start is None else map(torch.from_numpy, start)
            self.a, self.b = torch.nn.Parameter(first), torch.nn.Parameter(second)

        def forward(self, given: Any) -> Any:
            change = self.b.to(given.dtype) @ self.a.to(given.dtype) * SCALE
            return torch.nn.functional.linear(given, self.linear.weight + change, self.linear.bias)

    files = locate_model()
    base = files.verify()
    torch.manual_seed(SEED)
    order = random.Random(SEED)
    tokenizer = AutoTokenizer.from_pretrained(str(files.folder))
    # Half precision is twice as fast where the processor has it, with the plain attention, and hopeless elsewhere.
    half = torch.cpu._is_avx512_bf16_supported()
    plain = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    model = AutoModel.from_pretrained(
        str(files.folder), **plain, attn_implementation="eager" if half else "sdpa"
    ).requires_grad_(False)
    model = model.to(torch.bfloat16 if half else torch.float32)
    changed: dict[str, LowRank] = {}
    for number in range(fit.first_layer, len(model.encoder.layer)):
        for name in _CHANGED:
            path, _, last = f"encoder.layer.{number}.{name}".rpartition(".")
            parent = model.get_submodule(path)
            weight = f"{path}.{last}.weight"
            changed[weight] = LowRank(getattr(parent, last), fit.start.changes[weight] if fit.start else None)
            setattr(parent, last, changed[weight])
    head = torch.nn.Linear(model.config.hidden_size, 1)
    if fit.start is not None:
        with torch.no_grad():
            head.weight.copy_(torch.from_numpy(fit.start.head[None, :-1] / HEAD_SCALE))
            head.bias.copy_(torch.from_numpy(fit.start.head[-1:]))
    low_rank = [weight for one in changed.values() for weight in (one.a, one.b)]
    optimizer = torch.optim.AdamW(
        [{"params": low_rank, "lr": fit.rate}, {"params": head.parameters(), "lr": HEAD_RATE}],
        weight_decay=0.01,
    )
    steps = fit.epochs * (-(-len(texts) // BATCH) + -(-len(texts) // (BATCH * _NEAR)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [fit.rate, HEAD_RATE], total_steps=steps, pct_start=_WARM_UP
    )
    many = sum(of_class)
    loss_of = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(((len(of_class) - many) / many) ** 0.5))
    model.train()
    progress = Progress()
    for epoch in range(fit.epochs):
        batches = list(_batches(texts, order))
        for batch in progress.each(f"epoch {epoch + 1}", batches):
            tokens = tokenizer(
                [texts[i] for i in batch],
                padding=True,
                pad_to_multiple_of=16,  # few shapes: each new one is compiled anew
                truncation=True,
                max_length=fit.longest,
                return_tensors="pt",
            )
            states = model(tokens["input_ids"], tokens["attention_mask"]).last_hidden_state.float()
            mask = tokens["attention_mask"].unsqueeze(-1).float()
            vectors = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1)
            logits = head(torch.nn.functional.dropout(vectors, _DROPOUT) * HEAD_SCALE).squeeze(-1)
            loss = loss_of(logits, torch.tensor([float(of_class[i]) for i in batch]))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*low_rank, *head.parameters()], 1.0)
            optimizer.step()
            schedule.step()
    weights = np.append(head.weight.detach().numpy()[0] * HEAD_SCALE, head.bias.detach().numpy())
    matrices = {name: (one.a.detach().numpy(), one.b.detach().numpy()) for name, one in changed.items()}
    return Adapter(base, SCALE, fit.threshold, matrices, weights.astype(np.float32), "")


def train_further(model: AdaptedModel, texts: Sequence[str], of_class: Sequence[bool], fit: Fit) -> Adapter:
    """Return a kept adapter fitted further: on what it is not sure of, and on a part of the rest, lest it forget."""
    shares = model.score(texts)
    far = [abs(share - one) > _UNSURE for share, one in zip(shares, of_class, strict=True)]
    easy = [place for place, one in enumerate(far) if not one]
    chosen = [place for place, one in enumerate(far) if one]
    print(f"it is not sure of {len(chosen):,} of {len(texts):,}", flush=True)
    chosen += random.Random(SEED).sample(easy, len(easy) // _EASY_PART)
    further = replace(fit, epochs=_MORE_EPOCHS, rate=_MORE_RATE, start=model.adapter)
    return train_adapter([texts[place] for place in chosen], [of_class[place] for place in chosen], further)


def _batches(texts: Sequence[str], order: random.Random) -> Iterator[list[int]]:
    """Yield positions of texts of similar length, in random order."""
    places = list(range(len(texts)))
    order.shuffle(places)
    for low in range(0, len(places), BATCH * _NEAR):
        near = sorted(places[low : low + BATCH * _NEAR], key=lambda place: len(texts[place]))
        cut = [near[begin : begin + BATCH] for begin in range(0, len(near), BATCH)]
        order.shuffle(cut)
        yield from cut
