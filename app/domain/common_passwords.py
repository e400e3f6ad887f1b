"""What guessers try first: words of the public lists of common passwords, in both languages.

Each stands for itself with anything around it ("dragon2026!"), so the lists can be short. Words
of fewer than four letters are left out: they occur inside harmless ones.
"""

# Rows of keyboards and of the alphabet; any piece of four signs or more counts, backwards too.
RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopñ",
    "asdfghjklñ",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmik",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "azertyuiop",
)

_ENGLISH = """
abcd access account admin administrator amanda andrew angel animal anthony apple apples april
arsenal ashley asshole august austin autumn baby badboy banana barcelona baseball basketball
batman beautiful berlin biteme blink boston brandon bubbles buster butterfly change changeme
charlie cheese chelsea chicken chocolate chris christ christmas church coffee colombia computer
cookie corvette cowboy daniel database december default diamond dolphin dragon eagles easy
eminem england enter enterprise experiment february ferrari flower football forever forget
freedom friday friend friends fuckyou george ginger girls google guest guitar hammer hannah
happy harley hello hockey hotmail hottie house hunter iloveyou internet invalid jackson january
jasmine jennifer jessica jesus jordan joshua july june justin killer knight laptop legend
letmein liverpool login london love lovely loveme lover loves lucky maggie manager march maria
marina marlboro martin master matrix matthew maverick mercedes merlin michael michelle mickey
minecraft monday money monkey monster morning mother motorola mustang naruto network nicole
nintendo november october office online orange pass passphrase passwd password patrick peanut
pepper phoenix please pokemon police porsche portfolio power prince princess private project
purple qwerty rabbit ranger robert ronaldo root sample samsung samuel saturday school secret
secure security september server shadow silver simple slipknot smile snoopy soccer sophie
special spider spiderman spring starwars steelers steven strong student summer sunday sunshine
super superman support system taylor teacher temp temporary tennis test testing thomas thunder
thursday tiger tigger tracker trustno tuesday unknown user username victoria vikings wednesday
welcome whatever william windows winner winter wizard yankees yellow yourname
"""

_SPANISH = """
abril acceso administrador agosto alejandra alejandro alianza amigas amigo amigos amor amorcito
andrea angela angeles arequipa argentina bebe bienvenido bonita cajamarca callao camila campeon
carlos carolina ciudad clave colegio conejo contrasena corazon cristal cristina cusco cuzco
daniela diciembre diego digital dios domingo empresa enero entrar escuela espana estrella
experimentos familia fatima febrero felicidad felipe fernanda fernando flores fuerte futbol
gabriel gabriela gatito gobierno hermosa hijo hola huancayo invierno invitado iquitos jesucristo
jueves julio junio laboratorio liberteno lima linda lindo llave lunes madre madrid mama mami
mariana mariposa martes marzo mexico miamor miclave miercoles miguel mimama mundo natalia
ninguno noviembre octubre oficina otono pajaro palabra paola papa papi patito peru peruano piura
playa portafolio primavera princesa proyecto prueba pruebas puno querida ricardo sabado santiago
secreta secreto segura seguridad seguro septiembre setiembre sistema soledad tacna teamo
temporal tequiero trabajo trujillo universidad universitario usuario valentina vanessa verano
viernes
"""

WORDS = tuple(word for word in f"{_ENGLISH} {_SPANISH}".split() if len(word) >= 4)
