"""What an English message asks, by plain words: the classifier is trained on Vietnamese only, the library is not."""

from __future__ import annotations

import re

# Order decides. Emergencies are found by the triage before this is asked.
_RULES: tuple[tuple[str, str], ...] = (
    ("report_tip_status", r"\b(my (report|case|tip)|receipt code|tracking code|status of)\b"),
    ("unsubscribe", r"\b(unsubscribe|stop sending|no more messages)\b"),
    ("subscribe", r"\b(subscribe|sign me up|send me warnings)\b"),
    ("ask_human", r"\b(talk|speak|chat) (to|with) (a |an |some)?(human|person|someone|somebody|operator|agent|officer)\b|\breal person\b"),
    ("ask_anonymity_confidentiality", r"\b(anonym\w+|confidential\w*|who will (know|see)|my identity|trace me|safe to tell|keep (it|my name) secret)\b"),
    ("ask_what_happens_after_report", r"\bafter (i|a|the|you) ?(report|tip)\w*|\bwhat happens (next|then|after)\b"),
    ("ask_turn_myself_in", r"\bturn (myself|himself|herself) in\b|\bsurrender\b|\bconfess\b"),
    ("ask_forced_to_offend", r"\b(forced|made) (me|us|him|her|to)\b.{0,60}\b(scam|cheat|crime|illegal)\w*.{0,80}"
     r"\b(jail|prison|arrest\w*|punish\w*|fine[ds]?|charged)\b|\b(left|crossed|overstay\w*|without papers)\b.{0,60}\b(fine[ds]?|punish\w*|arrest\w*|jail)\b"),
    ("ask_online_lover_meeting", r"\b(boyfriend|girlfriend|man|guy|woman|someone|somebody|friend)\b.{0,40}\b(met|know|found) ?(him|her|them)? ?"
     r"(online|on (facebook|tiktok|zalo|the internet)).{0,80}\b(meet|come|visit|border|market)\b"),
    ("report_tip", r"\b(report|denounce|tip ?off|want to tell the police|give information|suspect)\b"),
    ("ask_organ_trade", r"\b(kidney|organ|liver)s?\b"),
    ("ask_surrogacy", r"\bsurroga\w+\b"),
    ("ask_marriage_broker", r"\b(marriage|marry|bride|wife|husband)\b"),
    ("ask_child_adoption_or_baby_trade", r"\b(adopt\w*|sell\w* (a )?(baby|child)|newborn)\b"),
    ("ask_fishing_boat_forced_labor", r"\b(fishing|boat|vessel|trawler)\b"),
    ("ask_karaoke_or_prostitution_coercion", r"\b(karaoke|massage|prostitut\w+|sex work\w*|brothel)\b"),
    ("ask_online_collaborator_scam", r"\b(deposit|online (task|job|order)s?|task scam|telegram group|like and share|commission)\b"),
    ("ask_scam_center_cambodia_myanmar", r"\b(scam (compound|cent\w+|factory)|cambodia|myanmar|laos|golden triangle|casino|kk park)\b"),
    ("ask_study_abroad_or_seasonal_work", r"\b(study abroad|student visa|seasonal work\w*|trainee|internship|korea|japan)\b"),
    ("ask_job_abroad_check", r"\b(is (this|it|the) (company|offer|job|agency)|legit\w*|licen[cs]ed?|agency|contract|recruit\w+|check (a|an|this|the) (job|offer|company))\b"),
    ("ask_safe_migration", r"\b(safe(ly)? (migrat\w+|travel\w*|abroad)|work(ing)? abroad|go abroad|passport|before (i|leaving|going))\b"),
    ("ask_job_abroad_check", r"\b(offer(ed|s)?|recruiter|job|salary|hire[ds]?|interview\w*)\b.{0,120}\b(usd|dollars?|\$|telegram|facebook|zalo|visa|flight|"
     r"ticket|driver|passport|abroad|thailand|singapore|dubai|taiwan|malaysia|philippines)\b"),
    ("ask_light_work_high_pay", r"\b(easy (job|work|money)|high (pay|salary)|good salary|no experience)\b"),
    ("ask_legal_penalty", r"\b(law|legal|penalt\w+|prison|jail|sentence|crime|illegal)\b"),
    ("ask_victim_support_rights", r"\b(support|shelter|help for (victims|survivors)|rights|compensation|legal aid|came back|returned|victim)\b"),
    ("ask_30_7_day", r"\b(30 ?(july|/ ?7)|july 30|world day)\b"),
    ("ask_hotline_number", r"\b(hotline|phone number|number to call|who (do|can|should) i call|call who|helpline)\b"),
    ("ask_signs_of_trafficking", r"\b(signs?|indicators?|how (do|can) i (know|tell|recogni[sz]e)|what is (human )?trafficking|trafficking)\b"),
    ("bot_challenge", r"\b(are you (a )?(bot|robot|human|real|ai)|who are you|what are you)\b"),
    ("abuse_insult", r"\b(fuck\w*|idiot|bullshit|useless bot|stupid bot|shut up)\b"),
    # Only alone: whoever begins "hello" and goes on has something to say.
    ("thank", r"^\W*(thanks?|thank you|thx|ty)\b(\W+\w+){0,5}\W*$"),
    ("goodbye", r"^\W*(bye|goodbye|see you|good night)\b(\W+\w+){0,4}\W*$"),
    ("greet", r"^\W*(hi|hello|hey|good (morning|afternoon|evening))\b(\W+\w+){0,3}\W*$"),
)  # fmt: skip
_COMPILED = tuple((intent, re.compile(pattern)) for intent, pattern in _RULES)
READ_CHARS = 600


def intent_of(text: str) -> str:
    """The meaning of an English message, one of the product's intents, or '' when no rule knows it."""
    lowered = text[:READ_CHARS].lower()
    return next((intent for intent, pattern in _COMPILED if pattern.search(lowered)), "")
