"""What pages call themselves, in the languages of this press and of its neighbours.

A word alone decides nothing: `certain` asks for it on a short page without a date, or in a title. Texts are
looked at in lower case; only dates and imprints are looked for in the text as it stands.
"""

from __future__ import annotations

import re


def _any(*words: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile("|".join(words), flags)


#: An error, a removal, maintenance, a refusal; matched in titles, headings and very short texts.
ERROR = _any(
    # A bare number may count people: see `notices`.
    r"\b(?:error|erreur|lỗi|ошибка|fehler|http|错误|오류)\s?(?:code|mã|số)?\s?[45]\d\d\b",
    r"\b404 (?:not|page|error|-)",
    # Whose server, site or system is being upgraded or mended
    r"(?:website|trang (?:web|tin|này)|hệ thống|máy chủ|cổng thông tin)[^.|]{0,30} (?:đang|được)"
    r"[^.|]{0,15} (?:nâng cấp|bảo trì|bảo dưỡng|sửa chữa|cập nhật)|truy cập lại sau",
    r"đang nâng cấp (?:website|trang|máy chủ|hệ thống)",
    r"(?:网站|本站|系统|服务器|平台|本網|網站|系統)[^。|]{0,8}(?:升级|升級|维护|維護|维修|更新)",
    r"(?:updating|upgrading|mending|improving) (?:our|the) (?:servers?|site|website|systems?)",
    r"check back (?:soon|later)|mantenimiento (?:programado|técnico|del sitio)",
    r"(?:trabajos|tareas|labores) de mantenimiento|travaux (?:de maintenance|d.entretien)",
    r"maintenance (?:works?|notice|window|page)|(?:профилактические|регламентные) работы",
    r"(?:维护|升级|維護)公告",
    r"(?:actualizando|mejorando) (?:el|la|los|nuestr\w+) (?:servidor|sitio|web|sistema)\w*",
    r"(?:сайт|сервер\w*|система) (?:находится )?(?:на|в) обслуживани\w*",
    r"(?:сервер|сайт|система)\w* обновля\w+|плановые работы",
    r"site (?:est )?en (?:maintenance|travaux)|mise à jour (?:du|de nos|des) (?:site|serveurs?)",
    r"(?:서버|시스템|사이트|홈페이지)[^.|]{0,8}(?:업그레이드|점검|작업)",
    # English
    r"not found|doesn.t exist|does not exist|no longer (?:available|exists?)",
    r"page (?:is )?(?:missing|unavailable|gone)",
    r"(?:has|have) been (?:removed|deleted|moved|withdrawn)|nothing (?:was |could be )?found",
    r"(?:page|story|article) (?:you|that you) (?:are looking|were looking|requested)",
    r"access denied|forbidden|attention required|(?:service|temporarily|currently) unavailable",
    r"bad gateway|gateway time-?out",
    r"(?:under|scheduled|for|site|system) maintenance|be (?:right )?back (?:soon|online|shortly)",
    r"down for maintenance|something went wrong",
    r"an error (?:has )?occurred",
    # Vietnamese
    r"không tồn tại|không (?:được )?tìm thấy|không truy cập được|đã (?:bị |được )?(?:gỡ|xóa|xoá)",
    r"bảo trì|đang quá tải",
    r"máy chủ (?:đang )?(?:gặp|lỗi)|lỗi máy chủ",
    r"tạm (?:ngưng|ngừng|dừng) (?:hoạt động|phục vụ)",
    r"lỗi hệ thống|có lỗi xảy ra|sự cố kỹ thuật|nâng cấp hệ thống|từ chối truy cập|quay lại sau",
    # Chinese, Japanese, Korean
    r"找不到|不存在|已(?:被|经)?(?:删除|下线|移除|刪除)",
    r"(?:系统|系統|网站|網站|正在|停机|服务器|升级)维护|维护升级|系统升级|暂停服务|維護中|维护中|访问被",
    r"出错|出錯|無法|无法访问|未找到|服务暂停|服务器繁忙|走丢|页面丢失",
    r"見つかりません|存在しません|削除され|メンテナンス|찾을 수 없|존재하지 않|삭제된|점검|접근이 거부",
    r"일시 중단",
    # Russian
    r"не найден\w*|не существу\w+|удал[её]н\w*|технические работы|техническ\w+ обслуживани",
    r"доступ (?:запрещ|огранич)\w*|такой страницы нет|нет прав|временно недоступ",
    # French, Spanish, Portuguese
    r"introuvable|n.existe (?:pas|plus)|plus disponible|pas l.autorisation",
    r"a été (?:supprimée?|déplacée?)|en maintenance",
    r"maintenance (?:du site|en cours)|accès refusé|indisponible",
    r"no (?:se )?(?:ha )?(?:podido )?encontra\w*|no existe|ha sido (?:eliminad|retirad|borrad)\w*",
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
#: What readers are told besides, where something does not work.
APOLOGY = _any(
    r"apologi[sz]e|sorry for|inconvenience|thank you for your (?:patience|understanding)",
    r"mong (?:quý|bạn)[^.]{0,40}thông cảm|xin lỗi|thành thật xin|sự bất tiện|vui lòng (?:quay lại|thử lại)",
    r"敬请谅解|不便|请稍后|請稍後|抱歉|对不起|ご迷惑|しばらく|불편을|죄송|양해",
    r"приносим (?:свои )?извинения"
    r"|извините|неудобств|nous (?:vous )?(?:prions|excus)|désolés?|gêne occasionnée",
    r"disculp|lo sentimos|molestias|desculp|entschuldig|beklager",
)
#: Words of notices that name nothing: what is left of a text without them tells whether it is more than one.
FILLER = re.compile(
    r"\b(?:"
    # English
    r"a|an|the|this|that|these|it|its|you|your|we|we.re|we.ll|our|us|they|to|of|on|in|or|and|at|by|for|from|with|if|but"
    r"|so|please|is|are|was|were|has|have|had|been|be|being|can|can.t|cannot|could|couldn.t|may|might|will|shall|not|no"
    r"|longer|currently|temporarily|now|soon|back|again|later|shortly|try|retry|check|go|return|visit|see|click|here"
    r"|page|pages|article|articles|story|content|document|file|site|website|web|server|system|service|services|link"
    r"|url|address|resource|request|requested|looking|look|find|found|exists?|moved?|removed|deleted|gone|missing|wrong"
    r"|sorry|oops|whoops|uh|oh|hmm|error|errors|status|code|message|home|homepage|front|main|browse|search|menu|access"
    r"|undergoing|performing|carrying|out|down|up|some|few|minutes|hours|moments?|work|maintenance|scheduled|planned"
    r"|improve|improvements|upgrade|upgrading|update|updating|notice|announcement|dear|readers?|users?|visitors?"
    r"|thank|thanks|patience|understanding|apologi[sz]e|inconvenience|any|all|seems?|appears?|that.s|there|or|which"
    r"|continue|reading|read|free|full|unlimited|account|password|email|e-mail|username|name|enter|remember|me|forgot"
    r"|forgotten|member|members|subscribe|subscriber|subscribers|subscription|subscriptions|sign|log|login|register|only"
    r"|already|new|create|get|want|need|must|premium|options?|plans?|offer|join|start"
    r"|cookies?|privacy|settings?|preferences|policy|accept|reject|manage|partners?|experience|use|using|agree"
    # Vietnamese
    r"|trang|trang web|bài|viết|báo|tin"
    r"|nội|dung|tài|nguyên|đường|dẫn|liên|kết|địa|chỉ|hệ|thống|máy|chủ|website|dịch|vụ"
    r"|bạn|quý|độc|giả|khách|vị|đọc|mà|đang|đã|được|bị|sẽ|cần|tìm|kiếm|thấy|yêu|cầu|truy|cập|này|đó|hiện|không|còn|có|thể"
    r"|hoặc|và|hay|để|vào|về|của|cho|với|trên|trong|từ|khi|lại|rồi|vui|lòng|thử|sau|ít|phút|quay|trở|rất|tiếc|xin|lỗi|mong"
    r"|thông|cảm|báo|thông báo|kính|gửi"
    r"|chúng|tôi|tiến|hành|nâng|cấp|bảo|trì|tạm|thời|ngừng|ngưng|dừng|hoạt|động|phục|gỡ"
    r"|xóa|xoá|bỏ|tồn|tại|di|chuyển|thay|đổi|kiểm|tra|chủ|sự|bất|tiện|mã|số|nhấn|đây|đăng|nhập|ký|khoản|mật|khẩu|tên|quên"
    r"|ghi|nhớ|thành|viên|thuê|bao|gói|mua|tiếp|tục|toàn bộ|miễn|phí|dành|riêng|chỉ"
    r"|người|dùng|chấp|nhận|đồng|ý|sử|dụng"
    # French, Spanish, Portuguese, German
    r"|l|la|le|les|une?|de|du|des|d|ce|cette|cet|que|qui|vous|votre|nous|notre|est|sont|a|été|n|ne|pas|plus|ou|et|en|sur"
    r"|pour|par|avec|demandée?|cherchez|recherchez|recherchée?|existe|trouvée?|contenu|adresse|lien|erreur|désolée?s?"
    r"|accueil|retour|veuillez|réessayer|réessayez|tard|cours|travaux|actuellement|momentanément|article|réservé|abonnés?"
    r"|connexion|connectez|identifiez|compte|mot|passe|poursuivre|lire|lecture|suite|se|déjà|inscrire|inscription|accès"
    r"|el|los|las|un|una|del|al|que|usted|su|sus|ha|sido|no|se|con|para|por|está|estamos|esta|este|página|artículo|nota"
    r"|contenido|sitio|web|enlace|dirección|solicitad[ao]|busca|buscas|buscando|error|sentimos|lo|inicio|volver|intente"
    r"|inténtelo|más|tarde|momento|momentos|trabajos|realizando|tareas|sesión|iniciar|inicia|cuenta|contraseña|leer"
    r"|leyendo|sigue|exclusivo|suscriptores|nuestros|die|der|das|seite|wurde|ist|nicht|sie"
    # Russian
    r"|страниц\w*|стать\w*|сайт\w*|материал\w*|документ\w*|адрес\w*|ссылк\w*|сервер\w*|систем\w*|ошибк\w*|вы|вас|ваш\w*"
    r"|мы|наш\w*|запрошенн\w*|запрашиваем\w*|котор\w*|был[аои]?|или|и|не|на|в|по|с|к|для|она|он|это\w*|эт\w+|уже"
    r"|больше|возможно|извините|пожалуйста|попробуйте|позже|повторите|проверьте|вернитесь|главн\w+|ищете|искали"
    r"|перемещен\w*|существует|найден\w*|временно|проводятся|ведутся|работ\w*|свой|аккаунт\w*|парол\w*|логин|войти"
    r"|чтобы|продолжить|чтение|читать|доступ\w*|только|подписчик\w*|подписк\w*|оформите"
    r")\b",
)
FILLER_CJK = re.compile(
    "您|你|我们|的|所|该|此|这|那|在|是|了|已|被|正|将|将于|对|请|和|与|或|后|再|试|无法|不能|可能|暂时|目前|访问|查看|浏览|寻找|查找"
    "|请求|要|想|页面|網頁|网页|页|文章|内容|新闻|信息|稿件|网站|本站|站点|系统|服务器|服务|地址|链接|网址|错误|出错|抱歉|对不起|很|非常"
    "|返回|首页|稍后|稍候|谅解|敬请|不便|给|带来|公告|通知|进行|升级|维护|中|期间|暂停|删除|移动|不存在|找不到|读者|用户|尊敬|各位"
    "|登录|登陆|注册|账号|账户|密码|用户名|会员|订阅|继续|阅读|全文|仅|限|成为|立即|使用|同意|接受|隐私|政策|我|个人|改善|体验|忘记|记住"
    "|ページ|お探し|記事|ませ|ん|は|が|を|の|に|で|し|た|て|い|ま|す"
    "|페이지|기사|요청하신|찾으시는|주소|사이트|홈페이지|서버|시스템|서비스|죄송합니다|죄송|불편|양해|부탁|드립니다|드려|현재|잠시|다시"
    "|시도|주세요|주십시오|이용|하실|수|있|없|습니다|니다|입니다|합니다|됩니다|었|였|거나|또는|중|후|를|을|이|가|은|는|의|에|로|하|해|한|할|지|않|되"
    "|로그인|회원|가입|비밀번호|아이디|계정|구독|전용|계속|읽|려면|필요|점검|공지|안내|오류|삭제|변경|경로|존재"
)
LOGIN = _any(
    r"\b(?:log ?in|sign ?in|sign ?up)\b|subscribe(?:rs)? (?:to|only)|for subscribers|article limit",
    r"register to",
    r"create an account|already a (?:subscriber|member)",
    r"đăng nhập|đăng ký tài khoản|dành (?:riêng )?cho (?:thuê bao|thành viên)|mua gói|登录|登入|登錄",
    r"ログイン|会員登録|로그인|회원가입|구독자 전용|구독 회원|구독하|구독해",
    r"войти|войдите|\bвход\b|авториз|подпис(?:к[аиуе]|чик)|по подписке|se connecter|connectez",
    r"connexion|abonnez|réservé aux abonnés|identifiez",
    r"iniciar sesión|inicia(?:r)? sesi|suscr[ií]b|suscriptores|identifícate|logg inn|anmelden",
    r"einloggen|abonnent",
)
COOKIES = _any(r"cookies?(?![a-z])", r"쿠키", r"クッキー", r"куки", r"файл\w* cookie", r"bánh quy")
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
    r"\b(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d",
    r"(?:19|20)\d\d년",
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez|déc|janv|févr|avr|juin|juil"
    r"|août|ene|abr|ago|dic)\w*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d",
    r"\b\d{1,2}\.?\s+(?:de\s+)?[^\W\d]{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d\d",
    flags=re.IGNORECASE,
)
#: The licence or copyright of the site: its date is no article's.
IMPRINT = _any(
    r"giấy phép|cơ quan chủ quản|tổng biên tập|bản quyền|copyright|©|all rights reserved|许可证|備案|备案",
    r"版权|총편집|등록번호",
    r"лицензи|свидетельство|зарегистрирован|licen[cs]e|directeur de la publication",
    r"todos los derechos|impressum",
    flags=re.IGNORECASE,
)
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
#: Letters of scripts that put no space between words: Thai, Lao, Myanmar, Khmer. A word has about five.
NO_SPACE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
SENTENCE = re.compile(r"[.!?…](?:\s|$|[”\"'»])|[。！？။៕។।॥؟۔]")
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

#: Words of classes, in lower case, by what they mark; each class value is looked at once.
CLASSES = {
    "forum": re.compile(
        r"(?:^|[-_ ])(?:forum|thread|reply|replies|post-?body|postbody|post-?content|message-?body"
        r"|messages?|signature|vb|phpbb\w*|xenforo"
        r"|topic-body|comment-tree|answers?|question|userinfo|postprofile|bbp|postbit\w*|posts?_\w+"
        r"|crawler-post|shreddit\w*|ips\w+"
        r"|post-text|member-?\w*|avatar)(?:$|[-_ ])",
    ),
    "pages": re.compile(r"pagin|page-numbers|load-?more|pager\b"),
    "byline": re.compile(
        r"(?:^|[-_ ])(?:by-?line|author|autor|auteur|tac-gia|reporter|posted-by|writer|contributor)",
    ),
}
#: The same, where any of these says it.
CLASS_PARTS = {
    "price": ("price",),
    "cart": ("cart", "basket"),
    "filter": ("facet", "filter", "sort-by", "sortby", "refine"),
    "share": ("share", "social"),
    "related": (
        "related", "recommend", "more-news", "morenews", "more-stories", "morestories", "read-next",
        "readnext",
    ),
}  # fmt: skip
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
