"""Rasa tokenizer for Vietnamese as it is typed: the token's lemma is its normal form."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.core import text

HEAD_TOKENS, TAIL_TOKENS = 260, 90  # of a longer message only its beginning and end are read


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(WhitespaceTokenizer):
    """Splits with the one normaliser. `CountVectorsFeaturizer` uses `lemma` when `use_lemma` is true.

    Offsets are those of the original text. A message without any word becomes one token, as in the parent class.
    """

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        original = message.get(attribute)
        found = text.tokens(text.excerpt(original, 2_000, 700))
        if len(found) > HEAD_TOKENS + TAIL_TOKENS:
            found = found[:HEAD_TOKENS] + found[-TAIL_TOKENS:]
        if not found:
            return [Token(original[:40] or " ", 0)]
        return [Token(token.text, token.start, token.end, lemma=token.norm) for token in found]
