/**
 * Xero's names of time zones are Windows' own in capitals without spaces ("NEWZEALANDSTANDARDTIME"). To the IANA name, after CLDR's windowsZones
 * (territory 001).
 */
const zones = new Map(
  `
Dateline Etc/GMT+12 | UTC-11 Etc/GMT+11 | Aleutian America/Adak | Hawaiian Pacific/Honolulu | Marquesas Pacific/Marquesas
Alaskan America/Anchorage | UTC-09 Etc/GMT+9 | Pacific(Mexico) America/Tijuana | UTC-08 Etc/GMT+8 | Pacific America/Los_Angeles
USMountain America/Phoenix | Mountain(Mexico) America/Mazatlan | Mountain America/Denver | Yukon America/Whitehorse
CentralAmerica America/Guatemala | Central America/Chicago | EasterIsland Pacific/Easter | Central(Mexico) America/Mexico_City
CanadaCentral America/Regina | SAPacific America/Bogota | Eastern(Mexico) America/Cancun | Eastern America/New_York
Haiti America/Port-au-Prince | Cuba America/Havana | USEastern America/Indianapolis | TurksandCaicos America/Grand_Turk
Paraguay America/Asuncion | Atlantic America/Halifax | Venezuela America/Caracas | CentralBrazilian America/Cuiaba
SAWestern America/La_Paz | PacificSA America/Santiago | Newfoundland America/St_Johns | Tocantins America/Araguaina
ESouthAmerica America/Sao_Paulo | E.SouthAmerica America/Sao_Paulo | SAEastern America/Cayenne | Argentina America/Buenos_Aires
Greenland America/Godthab | Montevideo America/Montevideo | Magallanes America/Punta_Arenas | SaintPierre America/Miquelon
Bahia America/Bahia | UTC-02 Etc/GMT+2 | Azores Atlantic/Azores | CapeVerde Atlantic/Cape_Verde | UTC Etc/UTC
GMT Europe/London | Greenwich Atlantic/Reykjavik | SaoTome Africa/Sao_Tome | Morocco Africa/Casablanca | W.Europe Europe/Berlin
WEurope Europe/Berlin | CentralEurope Europe/Budapest | Romance Europe/Paris | CentralEuropean Europe/Warsaw
W.CentralAfrica Africa/Lagos | WCentralAfrica Africa/Lagos | Jordan Asia/Amman | GTB Europe/Bucharest | MiddleEast Asia/Beirut
Egypt Africa/Cairo | E.Europe Europe/Chisinau | EEurope Europe/Chisinau | Syria Asia/Damascus | WestBank Asia/Hebron
SouthAfrica Africa/Johannesburg | FLE Europe/Kiev | Israel Asia/Jerusalem | SouthSudan Africa/Juba | Kaliningrad Europe/Kaliningrad
Sudan Africa/Khartoum | Libya Africa/Tripoli | Namibia Africa/Windhoek | Arabic Asia/Baghdad | Turkey Europe/Istanbul
Arab Asia/Riyadh | Belarus Europe/Minsk | Russian Europe/Moscow | E.Africa Africa/Nairobi | EAfrica Africa/Nairobi
Volgograd Europe/Volgograd | Iran Asia/Tehran | Arabian Asia/Dubai | Astrakhan Europe/Astrakhan | Azerbaijan Asia/Baku
RussiaTimeZone3 Europe/Samara | Mauritius Indian/Mauritius | Saratov Europe/Saratov | Georgian Asia/Tbilisi | Caucasus Asia/Yerevan
Afghanistan Asia/Kabul | WestAsia Asia/Tashkent | Qyzylorda Asia/Qyzylorda | Ekaterinburg Asia/Yekaterinburg | Pakistan Asia/Karachi
India Asia/Kolkata | SriLanka Asia/Colombo | Nepal Asia/Kathmandu | CentralAsia Asia/Bishkek | Bangladesh Asia/Dhaka
Omsk Asia/Omsk | Myanmar Asia/Yangon | SEAsia Asia/Bangkok | Altai Asia/Barnaul | W.Mongolia Asia/Hovd | WMongolia Asia/Hovd
NorthAsia Asia/Krasnoyarsk | N.CentralAsia Asia/Novosibirsk | NCentralAsia Asia/Novosibirsk | Tomsk Asia/Tomsk | China Asia/Shanghai
NorthAsiaEast Asia/Irkutsk | Singapore Asia/Singapore | W.Australia Australia/Perth | WAustralia Australia/Perth | Taipei Asia/Taipei
Ulaanbaatar Asia/Ulaanbaatar | AusCentralW. Australia/Eucla | AusCentralW Australia/Eucla | Transbaikal Asia/Chita | Tokyo Asia/Tokyo
NorthKorea Asia/Pyongyang | Korea Asia/Seoul | Yakutsk Asia/Yakutsk | Cen.Australia Australia/Adelaide
CenAustralia Australia/Adelaide | AusCentral Australia/Darwin | E.Australia Australia/Brisbane | EAustralia Australia/Brisbane
AusEastern Australia/Sydney | WestPacific Pacific/Port_Moresby | Tasmania Australia/Hobart | Vladivostok Asia/Vladivostok
LordHowe Australia/Lord_Howe | Bougainville Pacific/Bougainville | RussiaTimeZone10 Asia/Srednekolymsk | Magadan Asia/Magadan
Norfolk Pacific/Norfolk | Sakhalin Asia/Sakhalin | CentralPacific Pacific/Guadalcanal | RussiaTimeZone11 Asia/Kamchatka
NewZealand Pacific/Auckland | UTC+12 Etc/GMT-12 | Fiji Pacific/Fiji | ChathamIslands Pacific/Chatham | UTC+13 Etc/GMT-13
Tonga Pacific/Tongatapu | Samoa Pacific/Apia | LineIslands Pacific/Kiritimati`
    .split(/[|\n]/)
    .map((row) => row.trim().split(' '))
    .flatMap(([name, zone]): [string, string][] => (name && zone ? [[bare(name), zone]] : [])),
)

function bare(name: string): string {
  return name
    .toUpperCase()
    .replace(/\s/g, '')
    .replace(/(STANDARDTIME)(\(MEXICO\))?$/, '$2')
}

/** The IANA time zone of an organisation's `timezone`; null where it is absent or not known. */
export const ianaTimeZone = (timezone: string | null): string | null => (timezone && zones.get(bare(timezone))) || null
