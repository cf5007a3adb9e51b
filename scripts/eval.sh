#!/usr/bin/env bash
# Measures understanding (tests/eval -> docs/nlu-report.md), offers (docs/offer-report.md) and the interview (tests/reporters -> docs/interview-report.md).
set -euo pipefail
cd "$(dirname "$0")/.."
export RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3
bot/engine/.venv/bin/python -W ignore -m bot.engine.evaluate build/eval/predictions.json
.venv/bin/python scripts/eval_report.py build/eval/predictions.json
.venv/bin/python scripts/eval_interview.py
.venv/bin/python scripts/eval_offers.py
