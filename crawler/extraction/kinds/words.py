"""What pages call themselves, in the languages of this press and of its neighbours.

A word alone decides nothing: `certain` asks for it on a short page without a date, or in a title.
"""

from __future__ import annotations

import re


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


#: An error, a removal, maintenance, a refusal; matched in titles, headings and very short texts.
ERROR = _any(
    r"\b(?:error|erreur|lỗi|ошибка|fehler|http)?\s?(?:40[0134]|410|451"
    r"|50[0234])\b(?!\s*(?:\w+\s+)?(?:tỷ|triệu|million|km|người))",
    # English
    r"not found|doesn.t exist|does not exist|no longer (?:available|exists?)",
    r"page (?:is )?(?:missing|unavailable|gone)",
    r"(?:has|have) been (?:removed|deleted|moved)",
    r"(?:page|story|article) (?:you|that you) (?:are looking|were looking|requested)",
    r"access denied|forbidden|attention required|(?:service|temporarily|currently) unavailable",
    r"bad gateway|gateway time-?out",
    r"(?:under|scheduled|for|site|system) maintenance|be (?:right )?back soon|something went wrong",
    r"an error (?:has )?occurred",
    # Vietnamese
    r"không tồn tại|không (?:được )?tìm thấy|không truy cập được|đã (?:bị )?(?:gỡ|xóa|xoá)|bảo trì",
    r"tạm (?:ngưng|ngừng|dừng) (?:hoạt động|phục vụ)",
    r"lỗi hệ thống|có lỗi xảy ra|sự cố kỹ thuật|nâng cấp hệ thống|từ chối truy cập|quay lại sau",
    # Chinese, Japanese, Korean
    r"找不到|不存在|已(?:被|经)?(?:删除|下线|移除|刪除)|(?:系统|系統|网站|網站|正在|停机|服务器)维护|維護中|维护中|访问被|出错|出錯|無法|无法访问|未找到|服务暂停|页面丢失",
    r"見つかりません|存在しません|削除され|メンテナンス|찾을 수 없|존재하지 않|삭제된|점검|접근이 거부",
    # Russian
    r"не найден|не существует|удал[её]н[аоы]?\b|технические работы|техническ\w+ обслуживани",
    r"доступ (?:запрещ|огранич)|временно недоступ",
    # French, Spanish, Portuguese
    r"introuvable|n.existe (?:pas|plus)|a été (?:supprimée?|déplacée?)|en maintenance",
    r"maintenance (?:du site|en cours)|accès refusé|indisponible",
    r"no (?:se )?(?:ha )?(?:podido )?encontra(?:d|r)|no existe|ha sido (?:eliminad|retirad|borrad)",
    r"(?:en|por) mantenimiento|acceso denegado|no (?:está )?disponible",
    r"não (?:foi )?encontrad|não existe|em manutenção",
    # German and the North
    r"nicht gefunden|existiert nicht|wartungsarbeiten|wartungsmodus|zugriff verweigert|ikke funnet",
    r"finnes ikke|hittades inte|ei löydy",
)
#: A page that only a browser's scripts can fill.
SCRIPTS = _any(
    r"(?:enable|requires?|needs?|turn on|activate|without) javascript",
    r"javascript (?:is )?(?:required|disabled|not enabled)",
    r"just a moment|checking your browser|verify(?:ing)? you are (?:a )?human",
    r"(?:bật|kích hoạt|hỗ trợ) javascript|启用 ?javascript|啟用 ?javascript|javascriptを有効|자바스크립트",
    r"включите javascript|activer javascript|active javascript|habilit\w+ javascript|javascript aktivieren",
)
LOGIN = _any(
    r"\b(?:log ?in|sign ?in|sign ?up)\b|subscribe(?:rs)? (?:to|only)|for subscribers|register to",
    r"create an account|already a (?:subscriber|member)",
    r"đăng nhập|đăng ký tài khoản|dành (?:riêng )?cho (?:thuê bao|thành viên)|mua gói|登录|登入|登錄",
    r"ログイン|会員登録|로그인|회원가입",
    r"войти|войдите|\bвход\b|авториз|подпис(?:ка|чик)|se connecter|connectez|connexion|abonnez",
    r"réservé aux abonnés|identifiez",
    r"iniciar sesión|inicia(?:r)? sesi|suscr[ií]b|suscriptores|identifícate|logg inn|anmelden",
    r"einloggen|abonnent",
)
COOKIES = _any(r"cookies?\b", r"쿠키", r"クッキー", r"куки", r"файл\w* cookie", r"bánh quy")
CONSENT = _any(
    r"\bconsent\b|your privacy|we value|accept all|manage (?:preferences|choices)|gdpr|tcf",
    r"chấp nhận|đồng ý|同意|동의",
    r"принять|согла(?:сие|шаюсь)|accepter|consentement|aceptar|consentimiento|zustimm|einwillig",
    r"godta|samtykke",
)
SEARCH = _any(
    r"search results?|results for|kết quả (?:tìm kiếm|cho)|tìm kiếm",
    r"搜索结果|搜尋結果|搜索[:：]|検索結果|검색 ?결과",
    r"результат\w* поиск|поиск[:：]|résultats? (?:de (?:la )?recherche|pour)|resultados (?:de|para)",
    r"buscar|søkeresultat|suchergebnis",
)
#: A date as readers see it, in a short run of text.
DATE = _any(
    r"\b(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d|(?:19|20)\d\d년",
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez|déc|janv|févr|avr|juin|juil"
    r"|août|ene|abr|ago|dic)\w*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d",
    r"\b\d{1,2}\.?\s+(?:de\s+)?[^\W\d]{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d\d",
)
#: The licence or copyright of the site: its date is no article's.
IMPRINT = _any(
    r"giấy phép|cơ quan chủ quản|tổng biên tập|bản quyền|copyright|©|all rights reserved|许可证|備案|备案",
    r"版权|총편집|등록번호",
    r"лицензи|свидетельство|зарегистрирован|licen[cs]e|directeur de la publication",
    r"todos los derechos|impressum",
)
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
SENTENCE = re.compile(r"[.!?…](?:\s|$|[”\"'»])|[。！？]")
SAID = re.compile(
    r"\b(?:said|says|told|according to)\b|nói|cho biết|cho hay|表示|表明|记者|報道|dit|déclaré|dijo|сказал"
    r"|заявил|sagte|sier"
)

# Addresses.
LISTS = re.compile(
    r"^/(?:[a-z]{2}(?:-[a-z]{2})?/)?(?:tags?|authors?|categor(?:y|ies|ie)|search|tim-kiem|tac-gia"
    r"|chuyen-muc|chu-de|dong-su-kien"
    r"|sujets?|auteurs?|etiquetas?|autor(?:es)?|recherche|buscar|poisk|tema|label)(?:/|\.\w+$|$)"
    r"|/(?:archives?|topics?|sections?)/?$|/page/\d+/?$|/trang-?\d+(?:\.\w+)?$",
    re.IGNORECASE,
)
FRONT = re.compile(
    r"^/?(?:(?:index|default|home)(?:\.\w+)?|[a-z]{2}(?:-[a-z]{2})?/?|trang-chu/?)?$", re.IGNORECASE
)
SECTION = re.compile(r"^/(?:[a-z]{2}(?:-[a-z]{2})?/)?[a-z-]{2,30}/?$", re.IGNORECASE)
PRODUCT = re.compile(
    r"/(?:products?|produkt|p|dp|item|itm|sku|buy|prod|pd|t|app)/[^/]+|-p-?\d+", re.IGNORECASE
)
SERVICE = re.compile(
    r"/(?:services?|solutions?|platform|pricing|about(?:-us)?|contact|features?|products?"
    r"|industries|company|careers"
    r"|enterprise|gioi-thieu|lien-he|dich-vu)(?:[/.]|$)",
    re.IGNORECASE,
)
ARTICLE = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]|\d\d)"
    r"|/(?:news|articles?|story|stories|blog|posts?|artikel|nachrichten|noticias?|actualites?"
    r"|opinion|magazine|insights|a)/[^/]+"
    r"|[-_/](?:post)?\d{5,}(?:\.\w+)?/?$|\.(?:vnp|ldo|tpo|html?|shtml)$",
    re.IGNORECASE,
)
FORUM = re.compile(
    r"/(?:forums?|threads?|topics?|viewtopic|showthread|discussions?|questions?|t/|comments/"
    r"|community|bbs|board|ask)(?:[/.\-?]|$)"
    r"|thread-\d|showthread",
    re.IGNORECASE,
)
FORUM_HOST = re.compile(
    r"^(?:forums?|community|communities|discuss|discourse|bbs|talk|boards?|answers|ask|users)\."
    r"|forum|stackexchange|stackoverflow|reddit",
    re.IGNORECASE,
)
MANUAL = re.compile(
    r"/(?:docs?|documentation|reference|manual|api|guides?|help|support|kb|wiki|tutorials?|learn|man|handbook"
    r"|getting-started|quickstart|developers?|spec|sdk|cli|hc)(?:[/.]|$)",
    re.IGNORECASE,
)
MANUAL_HOST = re.compile(
    r"^(?:docs?|developers?|help|support|wiki|manual|api|learn|kb|documentation|man|dev)\."
    r"|readthedocs|gitbook",
    re.IGNORECASE,
)

#: Words of classes by what they mark; each class value is looked at once.
CLASSES = {
    "forum": re.compile(
        r"(?:^|[-_ ])(?:forum|thread|reply|replies|post-?body|postbody|post-?content|message-?body"
        r"|messages?|signature|vb|phpbb\w*|xenforo"
        r"|topic-body|comment-tree|answers?|question|userinfo|postprofile|bbp|postbit\w*|posts?_\w+"
        r"|crawler-post|shreddit\w*|ips\w+"
        r"|post-text|member-?\w*|avatar)(?:$|[-_ ])",
        re.IGNORECASE,
    ),
    "pages": re.compile(r"pagin|page-numbers|load-?more|pager\b", re.IGNORECASE),
    "price": re.compile("price", re.IGNORECASE),
    "cart": re.compile("cart|basket", re.IGNORECASE),
    "filter": re.compile(r"facet|filter|sort-?by|refine", re.IGNORECASE),
    "byline": re.compile(
        r"(?:^|[-_ ])(?:by-?line|author|autor|auteur|tac-gia|reporter|posted-by|writer|contributor)",
        re.IGNORECASE,
    ),
    "share": re.compile("share|social", re.IGNORECASE),
    "related": re.compile(r"related|recommend|more-?(?:news|stories)|read-?next", re.IGNORECASE),
}
THREAD = (
    "replies", "reply", "posts:", "joined", "likes", "quote", "report post", "last edited",
    "original poster", " upvote", "members online", "trả lời", "thích", "回复", "楼主", "ответить",
    "répondre",
    "responder", "registered", "asked", "answered", "votes", "views", "permalink", "thread starter",
    "newbie", "moderator", "senior member",
)  # fmt: skip
MANUAL_WORDS = (
    "on this page", "edit this page", "table of contents", "previous", "next", "copy",
    "skip to main content", "version", "changelog", "parameters", "returns", "example", "note", "usage",
    "syntax", "see also", "edit on github", "was this page helpful", "last updated", "api reference",
    "in this article", "download pdf", "search docs", "introduction",
)  # fmt: skip
OFFER = (
    "get started", "contact us", "contact sales", "request a", "book a", "book now", "free trial",
    "free quote", "free consultation", "schedule a", "sign up", "learn more", "try free", "our services",
    "why choose", "pricing", "get a quote", "call us", "call now", "liên hệ", "đăng ký tư vấn", "báo giá",
    "联系我们", "免费试用", "お問い合わせ", "문의", "contactez", "devis", "contáctenos", "связаться",
    "watch demo",
    "view demo", "get a demo", "talk to", "apply now", "request info", "case studies", "customer stories",
    "enroll", "testimonials",
)  # fmt: skip
#: Names of `meta` elements.
PUBLISHED = frozenset({
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "parsely-pub-date", "publish-date", "pubdate", "date", "dc.date", "dc.date.issued", "dcterms.created",
    "sailthru.date", "cxenseparse:publishtime", "publishdate", "publish_date", "og:release_date",
})  # fmt: skip
AUTHOR = frozenset({"author", "article:author", "parsely-author", "sailthru.author", "dc.creator"})
LD_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report)$")
LD_OTHER = frozenset({
    "Product", "CollectionPage", "ItemList", "SearchResultsPage", "ProfilePage", "DiscussionForumPosting",
    "QAPage", "Service", "LocalBusiness", "SoftwareApplication", "TechArticle", "APIReference", "Event",
    "JobPosting",
})  # fmt: skip


def size(text: str) -> int:
    """Return the length of *text* in letters of an alphabet: a CJK character says what three letters do."""
    return len(text) + 2 * len(CJK.findall(text))
