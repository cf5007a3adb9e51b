"""Cries for help in other languages: the danger words people near our borders would write. Standard library only.

Short lists on purpose: a foreign message gets the emergency card on a danger word, and nobody is hurt by a card too many.
"""

from __future__ import annotations

import re

from bot.core import language, text

_SELF_HARM = {
    "en": r"kill(ing)? my ?self|suicid|want to die|wanna die|end my life|end it all|don.?t want to live|no reason to live"
    r"|hurt(ing)? my ?self|better off dead",
    "zh": r"自杀|自殺|不想活|想死|轻生|輕生|活不下去",
    "ko": r"자살|죽고\s*싶|살기\s*싫",
    "ja": r"自殺|死にたい|消えたい|生きたくない",
    "th": r"ฆ่าตัวตาย|อยากตาย|ไม่อยากอยู่|ไม่อยากมีชีวิต|จบชีวิต",
    "km": r"ធ្វើអត្តឃាត|សម្លាប់ខ្លួន|ចង់ស្លាប់|មិនចង់រស់",
    "lo": r"ຂ້າຕົວຕາຍ|ຢາກຕາຍ|ບໍ່ຢາກມີຊີວິດ|ບໍ່ຢາກຢູ່",
    "my": r"သေချင်|သတ်သေ|အသက်မရှင်ချင်|မနေချင်တော့",
    "hmn": r"xav tuag|tsis xav (ua neej|nyob|muaj sia)|tua (kuv )?tus kheej|txo (kuv )?txoj sia",
    "fr": r"me tuer|suicide|envie de mourir|veux mourir|plus envie de vivre",
    "ru": r"покончить с собой|хочу умереть|не хочу жить|самоубий",
}
_HMONG_DANGER = (
    r"\bpab (kuv|peb|wb|nws|koj|lawv)\b|\bcawm\b|\braug (kaw|muag|ntaus|ntes|yuam|dag|tua|quab|tsim|nyiag|coj|mos|nplawm)|\bkaw (kuv|peb|nws|"
    r"hauv|rau)|\bxauv\b"
    r"|\bmuag (kuv|nws|mus|peb)|\bntaus (kuv|peb|nws)|\btua (kuv|peb|nws)|\byuam (kuv|peb|nws)|\bntes (kuv|peb|nws)|\bnyiag (kuv|peb|nws)|"
    r"\bcoj (kuv|peb|nws) mus"
    r"|\btxeeb|\bphom sij|\bntshai|\btsis (pub|kam) (kuv |peb |nws |lawv )?(mus|tawm|rov|los)|\bhu (tub )?ceev xwm|\bploj\b|\btsim txom|\bkhiav|"
    r"\bquab yuam"
)
_RANSOM = {
    "en": r"ransom|(pay|want|ask\w*|demand\w*|give).{0,40}(release|let (him|her|me|us|them) go|or they.{0,12}kill)",
    "zh": r"才放|就杀|撕票|赎金|贖金|赎人|贖人|要钱才放|给钱才放",
    "th": r"ค่าไถ่|เรียกเงินแลก",
    "km": r"លោះ|ទារប្រាក់|ទារលុយ",
    "lo": r"ຄ່າໄຖ່|ໄຖ່ຕົວ",
    "my": r"ပြန်ပေး|ရွေးငွေ|ငွေပေးမှလွှတ်",
    "ko": r"몸값",
    "ja": r"身代金",
    "hmn": r"\btxhiv\b|nqe txhiv",
    "fr": r"ran[cç]on",
}
_SEXTORTION = {
    "en": r"\b(nudes?|naked|explicit|intimate|private) (pic\w*|photo\w*|image\w*|video\w*|clip\w*)?.{0,80}\b(money|pay|send|post|share|leak|"
    r"threat\w*|blackmail\w*)"
    r"|\bsextort\w*|\b(post|leak|share|send)\w* my (nudes?|pic\w*|photo\w*|video\w*).{0,60}\b(pay|money|unless|if i|threat\w*)|"
    r"\bblackmail\w*.{0,60}\b(pic|photo|video|nude)",
    "zh": r"裸照|裸聊|私密(照|视频)",
}
_FAKE_POLICE = {
    "en": r"\b(claim\w*|says? (he|she|they|it)|pretend\w*|posing|fake)\b.{0,30}\b(police|officer|prosecutor|court|customs)\b.{0,120}"
    r"\b(transfer|money|video|zoom|hotel|warrant|laundering|account|call)\b|\bfake (police|officer)\b.{0,60}\b(call|money|hotel|video)",
    "zh": r"假警察|冒充(警察|公安|检察)",
}
_CHILD = {
    "en": r"\b(child|children|kid|kids|baby|little (girl|boy)|my (son|daughter)|(1[0-7]|[5-9]) ?(years? old|y/?o)|under ?age|minor)\b"
    r"|\bi.?a?m (1[0-7]|[5-9])\b",
    "zh": r"孩子|小孩|儿子|女儿|未成年|1[0-7]岁|[5-9]岁|婴儿",
    "th": r"เด็ก|ลูกสาว|ลูกชาย|อายุ\s*1[0-7]\b",
    "km": r"កូន|ក្មេង|កុមារ|អាយុ\s*1[0-7]\b|អាយុ\s*១[០-៧]",
    "lo": r"ເດັກ|ລູກສາວ|ລູກຊາຍ",
    "my": r"ကလေး|သမီး|သားလေး",
    "ko": r"아이|아들|딸|미성년",
    "ja": r"子供|子ども|娘|息子|未成年",
    "hmn": r"\bme ?nyuam|\bntxhais\b|\btub\b(?! ceev)|\bhnub nyoog (1[0-7]|[5-9])\b|\b(1[0-7]|[5-9]) xyoo",
    "fr": r"\benfants?\b|ma fille|mon fils|bébé",
}
_DANGER = {
    "en": r"\b(lock|hit|slap|kick|sell|chain|drug)(s|ing)? (me|us|him|her)\b(?! up\b(?! in| inside))|can not (leave|go|get out|escape)|(don.?t|do not|not|never) (feel|feeling) (very |really |at all )?safe|(feel|feeling) unsafe|\b(i.?m|i am) not safe|help me|help us|save (me|us|my|him|her)|rescue (me|us|my|him|her)|\bsos\b|in danger|locked|trapped|kidnap|abduct|captive|"
    r"hostage|held (against|by|in|here|prisoner)"
    r"|hold(ing)? (me|us|him|her)|(can.?t|cannot|not allowed to|won.?t let (me|us|him|her)|don.?t let (me|us)) (leave|go|get out|escape|out)"
    r"|(took|take|taken|keep|kept|hold|confiscat\w+) (away )?(my|our|his|her|all) (passport|phone|papers|documents)|beat(ing|en|"
    r"s)? (me|us|him|her|every)|raped?\b|assault|tortur|electric shock|electrocut"
    r"|forc(ed|ing|e) (me|us|to|her|him)|sold (me|us|to|into)|going to sell|traffick(ed|ers)|escape from|hiding (from|in)|"
    r"call the police|police (please|now|help)|going to kill|will kill|threat\w+ (me|to kill)"
    r"|(call|tell|get|send) (someone|the police|help|anyone)|keep(s|ing)? (me|us|my|him|her)\b|brought (me|us) here|have a? ?gun|"
    r"with guns?|\bguns?\b|lock\w*d?\b.{0,12}(in|up|inside)|\bhelp+\b.{0,8}$|^\W*\bhelp+\b|they (will|want to|are going to) (hurt|kill|"
    r"sell)|not let(ting)? (me|us)|against my will|don.?t know where i am|pretended|fake job|no way out|kept? (here|inside)|hurt(s|"
    r"ing)? (me|us)|someone (is )?(following|hurting)|please help|i need help|emergency|is missing|disappeared|scam (center|compound)"
    r"|guards? (is |are |stands? |stand )?(at|by|on|outside|in front of) (the |my |our )?(gate|door|stairs|building|dorm)|if (i|we|she|he|they) (leave|quit|stop|go|run|escape)\b.{0,30}"
    r"\b(pay|owe|fine|debt|kill|hurt|beat)|(says?|said) (i|we|she|he) (still )?owes?\b|(madam|boss|owner|manager|he|she|they) (slaps?|hits?|kicks?|punch\w*) (me|us|her|him)"
    r"|(no|without) salary\b.{0,40}\b(passport|month)|(check|watch|read)(s|es)? (my|our|the) (screen|phone|chat|messages)|must not (go|leave)|not allowed out"
    r"|locks? (the )?door\b.{0,20}\b(go|leave|work|out)|(no|not|don.?t|never) let (\w+ )?(go|leave)\b|(buy|bought|sell|sold) me\b|tell my (mom|mum|mother|family) i love"
    r"|\d+ (months?|weeks?|years?)\b.{0,20}\b(nothing|no (money|pay|salary)|not paid|without pay)|see (a|one|some) (small |little )?(child|kid|girl|boy).{0,80}"
    r"\b(takes? (all )?(the |her |his |their )?money|forced|made to|beg\w*)",
    "zh": r"救命|救我|救救|救人|求救|帮帮我|幫幫我|被关|被關|被困|被绑|被綁|绑架|綁架|被骗到|被骗来|被打|被卖|被賣|被强|被強|强迫|強迫|囚禁|逃不|出不去|不让我(走|出|离|回)|不讓我|没收.{0,4}(护照|手机)"
    r"|护照.{0,6}(拿走|没收|扣)|报警|報警|危险|危險|强奸|強姦|失踪|失蹤|电击|園区|园区|人口贩|拐卖|拐賣",
    "ko": r"살려|도와\s*주세요|도와줘|구해\s*(줘|주세요)|납치|감금|갇혀|갇혔|위험|폭행|때려|때리|강간|강제|인신매매|실종|탈출|여권을?\s*(뺏|빼앗)|신고해",
    "ja": r"助けて|助けください|たすけて|監禁|誘拐|閉じ込め|拉致|殴られ|殺され|危険|脅され|強制|人身売買|行方不明|逃げられ|パスポートを(取|奪)|警察を?呼",
    "th": r"ช่วยด้วย|ช่วยฉัน|ช่วยผม|ช่วยหนู|ช่วยเรา|ช่วยที|ช่วยพวก|ขอความช่วยเหลือ|ถูกขัง|โดนขัง|ถูกจับ|โดนจับ|ถูกหลอก|โดนหลอก|"
    r"ถูกบังคับ|โดนบังคับ|ถูกทำร้าย|โดนทำร้าย|ถูกตี|โดนตี|ถูกขาย|โดนขาย|กักขัง|ลักพาตัว|อันตราย|ค้ามนุษย์"
    r"|หนีออก|หนีไม่|ออกไปไม่ได้|ไม่ให้ออก|ไม่ให้กลับ|ไม่ยอมให้|ยึด(พาสปอร์ต|หนังสือเดินทาง|โทรศัพท์)|ข่มขืน|แจ้งตำรวจ|หายตัว|ช็อตไฟ",
    "km": r"ជួយខ្ញុំ|ជួយផង|ជួយយើង|ជួយសង្គ្រោះ|សង្គ្រោះ|សូមជួយ|ជួយ|គ្រោះថ្នាក់|ឃុំខ្លួន|ឃុំឃាំង|បង្ខាំង|ចាប់ខ្លួន|ចាប់ជំរិត|ចាប់ពង្រត់|"
    r"ជាប់|បង្ខំ|វាយ|លក់ខ្ញុំ|គេលក់|រំលោភ|ជួញដូរ|មិនឱ្យចេញ|មិនអោយចេញ|មិនឲ្យ|ដកហូត|រត់គេច|បាត់ខ្លួន|ប៉ូលិស",
    "lo": r"ຊ່ວຍ|ອັນຕະລາຍ|ຖືກຂັງ|ກັກຂັງ|ຖືກຈັບ|ຖືກຫຼອກ|ຖືກຕົວະ|ຖືກບັງຄັບ|ບັງຄັບ|ຖືກຕີ|ຖືກທຸບຕີ|ຖືກຂາຍ|ຄ້າມະນຸດ|ລັກພາ|ບໍ່ໃຫ້ອອກ|"
    r"ບໍ່ໃຫ້ກັບ|ຍຶດ|ໜີ|ຂົ່ມຂືນ|ຕຳຫຼວດ|ຫາຍສາບສູນ|ຫາຍຕົວ",
    "my": r"ကယ်|ကူညီ|အန္တရာယ်|ပိတ်လှောင်|ပိတ်ထား|ဖမ်း|ချုပ်|လိမ်|ရောင်းစား|အတင်း|ရိုက်|နှိပ်စက်|ထွက်ခွင့်|ထွက်လို့မရ|လူကုန်ကူး|ပြေး|"
    r"မုဒိမ်း|ရဲ|ပျောက်",
    "hmn": _HMONG_DANGER,
    "fr": r"au secours|aidez|à l.aide|a l.aide|sauvez|enferm|séquestr|sequestr|kidnapp|enlev[ée]e?|en danger|frapp|battue?|viol[ée]e?|"
    r"forc[ée]e? (à|de)|vendue?|passeport|police|disparu",
    "ru": r"помогите|спасите|на помощь|похитил|заперли|заперт|держат|избива|бьют|насил|опасност|продали|отобрали",
}
_CALM = {
    "en": r"^\W*if (i|someone|a|my|we|you)\b|what (if|should i do if|happens if|to do if)|in case|if (i|someone|my \w+|we) (am|is|get|"
    r"gets|was|were|are|ever)\b|movie|film|news|game|novel|homework|essay|research|story|last year|years ago|used to|was rescued|"
    r"how (can|do) i (avoid|check|know|join|volunteer)|what is|meaning of|statistics|what number|which number"
    r"|joking|just kidding|\blol\b|help me (with|find|check|translate|to find|understand|to understand|to check|write|choose|fix|book|"
    r"learn|apply)|\bsigns of\b|documentary|lyrics|penalty|sentence for",
    "zh": r"如果|假如|电影|電影|新闻|新聞|小说|游戏|作业|去年|以前|年前|多少钱|怎么样|请问.*(什么|哪|多少|怎么)|想了解|已经(回|获救|逃)|开玩笑",
    "ko": r"만약|영화|뉴스|게임|작년|년\s*전|드라마|농담|숙제",
    "ja": r"もし|映画|ニュース|ゲーム|去年|年前|ドラマ|冗談|宿題",
    "th": r"ถ้า|หนัง(?!สือ)|ภาพยนตร์|ข่าว|เกม|ปีที่แล้ว|ปีก่อน|ละคร|ล้อเล่น|การบ้าน|เคยถูก",
    "km": r"ប្រសិនបើ|បើសិន|រឿង|ព័ត៌មាន|ហ្គេម|ឆ្នាំមុន|កិច្ចការផ្ទះ",
    "lo": r"ຖ້າ|ໜັງ(?!ສື)|ຂ່າວ|ເກມ|ປີກາຍ|ປີກ່ອນ|ລະຄອນ|ການບ້ານ",
    "my": r"အကယ်၍|ရုပ်ရှင်|သတင်း|ဂိမ်း|မနှစ်က|ပြီးခဲ့တဲ့နှစ်|ဇာတ်လမ်း",
    "hmn": r"\b(yog tias|yog hais tias|movie|yeeb yaj kiab|xov xwm|dab neeg)\b",
    "fr": r"\bsi (je|on|quelqu)|film|nouvelles|jeu vidéo|l.an dernier|il y a .* ans|devoirs",
    "ru": r"\bесли\b|фильм|новост|игр[аеу]|в прошлом году",
}
# Cries in other languages typed in Latin letters, which no script gives away.
_ROMANISED = re.compile(
    r"\b(jiu ?ming|jiu ?wo|bang ?wo|bao ?jing|chu[ae]y ?(duay|duai|noi|chan|phom|nu)|khang yu|salam[ae]t po|saklolo|tulong|tulungan"
    r"|tolong|selamatkan|bantu saya|juay (khnom|phong)|chuoy (khnom|phong)|suay (dae|khoy|koi)|kae (ba|par)|ku nyi"
    r"|salvame|ayuda(me)?|ayúdame|auxilio|socorro|hilfe|bachao|tasukete|sallyeo|dowajuseyo|pab kuv)\b"
)
_COMPILED: dict[str, re.Pattern[str]] = {
    f"{name}:{code}": re.compile(text.clean(pattern).lower())
    for name, table in (
        ("harm", _SELF_HARM),
        ("ransom", _RANSOM),
        ("pictures", _SEXTORTION),
        ("police", _FAKE_POLICE),
        ("child", _CHILD),
        ("danger", _DANGER),
        ("calm", _CALM),
    )
    for code, pattern in table.items()
}


def _found(name: str, code: str, message: str) -> bool:
    pattern = _COMPILED.get(f"{name}:{code}")
    return pattern is not None and pattern.search(message) is not None


_KIN = r"my (?:\w+ )?(?:sister|brother|friend|daughter|son|mother|father|mom|dad|wife|husband|cousin|niece|nephew|girlfriend|boyfriend)s?"
_SOMEONE = re.compile(
    rf"\b{_KIN} (?:is|was|are|were|has|have|got|cannot|can'?t)\b|"
    rf"\b(?:hold(?:ing)?|held|keep(?:ing)?|kept|locked(?: up)?|sold|took|taken|kidnapped|beat(?:ing)?) {_KIN}\b"
)


_ORDER = (
    ("harm", "self_harm_distress"), ("pictures", "sextortion"), ("police", "fake_police_call"), ("ransom", "ransom_demand"),
    ("danger", "emergency_in_danger"),
)  # fmt: skip


def cry(message: str, code: str) -> tuple[str, str]:
    """(level, kind) of a message in language `code`, or in English mixed in; ("none", "") when there is no danger word."""
    visible = text.clean(text.excerpt(message, 1_400, 500)).lower()
    if _ROMANISED.search(visible):
        return "emergency", "emergency_in_danger"
    codes = (code,) if code == "en" else (code, "en")
    calm = any(_found("calm", c, visible) for c in codes)
    for name, kind in _ORDER:
        if any(_found(name, c, visible) for c in codes):
            if name == "danger" and any(_found("child", c, visible) for c in codes):
                kind = "child_in_danger"
            elif name == "danger" and _SOMEONE.search(visible):
                kind = "emergency_other_person"
            return ("possible" if calm else "emergency"), kind
    return "none", ""


def language_of(message: str) -> str:
    """The language when it is sure and not Vietnamese, "und" for a cry in romanised letters, or ""."""
    code = language.rule(message)
    if code in ("vi", ""):
        return language.UNKNOWN if _ROMANISED.search(text.clean(message[:600]).lower()) else ""
    return "" if code == language.UNKNOWN else code
