-- How each way's visits arrive: what the address carries, the referrer, and what that tells. Agencies and people tag as
-- they please: in capitals, by other names, encoded twice, or not at all. `is_told` is false where nothing that is
-- recorded tells the channel.
create table tags as
with

given (way, source, medium, weight, query, referrer, is_told) as (
    values
    ('organic', 'google', 'organic', 88, '', 'https://www.google.com/', true),
    ('organic', 'bing', 'organic', 7, '', 'https://www.bing.com/', true),
    ('organic', 'duckduckgo', 'organic', 5, '', 'https://duckduckgo.com/', true),
    ('assistant', 'chatgpt.com', 'referral', 60, '?utm_source=chatgpt.com', 'https://chatgpt.com/', true),
    ('assistant', 'perplexity.ai', 'referral', 40, '', 'https://www.perplexity.ai/', true),
    ('association', 'asosiasi-ukm.example', 'referral', 70, '', 'https://www.asosiasi-ukm.example/direktori', true),
    (
        'association', 'komunitas-akuntan.example', 'referral', 30,
        '',
        'https://komunitas-akuntan.example/forum/software', true
    ),
    ('social', 'instagram', 'social', 40, '', 'https://l.instagram.com/', true),
    ('social', 'facebook', 'social', 30, '', 'https://m.facebook.com/', true),
    ('social', 'linkedin', 'social', 15, '', 'https://www.linkedin.com/', true),
    (
        'social', 'instagram', 'social', 15,
        '?utm_source=instagram&utm_medium=social&utm_content=link-in-bio',
        '', true
    ),
    ('direct', '(direct)', '(none)', 100, '', '', true),
    (
        'search', 'google', 'cpc', 60,
        '?utm_source=google&utm_medium=cpc&utm_campaign=Search+-+Software+Pajak&utm_term=soft+pajak&gclid=Cj0{click}',
        'https://www.google.com/', true
    ),
    (
        'search', 'google', 'cpc', 25,
        '?utm_source=google&utm_medium=cpc&utm_campaign=20118450011&utm_term=aplikasi%20pajak%20ukm&gclid=Cj0{click}',
        'https://www.google.com/', true
    ),
    ('search', 'google', 'cpc', 15, '?gclid=Cj0{click}', 'https://www.google.com/', true),
    (
        'efaktur', 'google', 'cpc', 70,
        '?utm_source=google&utm_medium=cpc&utm_campaign=Search+-+e-Faktur&utm_term=e-faktur&gclid=Cj0{click}',
        'https://www.google.com/', true
    ),
    (
        'efaktur', 'google', 'cpc', 20,
        '?utm_source=Google&utm_medium=CPC&utm_campaign=search%20-%20e-faktur&gclid=Cj0{click}',
        'https://www.google.com/', true
    ),
    ('efaktur', 'google', 'cpc', 10, '?gclid=Cj0{click}', 'https://www.google.com/', true),
    (
        'youtube', 'youtube', 'cpc', 80,
        '?utm_source=youtube&utm_medium=cpc&utm_campaign=YouTube+-+%23LaporPajakTenang&utm_content=video_a',
        'https://www.youtube.com/', true
    ),
    (
        'youtube', 'youtube', 'cpc', 20,
        '?utm_source=youtube&utm_medium=video-cpc&utm_campaign=20118450013',
        'https://www.youtube.com/', true
    ),
    (
        'calm_meta', 'facebook', 'paid_social', 50,
        '?utm_source=facebook&utm_medium=paid_social&utm_campaign=LaporPajakTenang+%7C+Reels&fbclid=IwAR{click}',
        'https://l.facebook.com/', true
    ),
    (
        'calm_meta', 'facebook', 'paid_social', 25,
        '?utm_source=Facebook&utm_medium=PaidSocial&utm_campaign=23850011223340003&utm_content=reel&fbclid=IwAR{click}',
        'https://m.facebook.com/', true
    ),
    (
        'calm_meta', 'facebook', 'paid_social', 15,
        '?utm_source=fb&utm_medium=cpc&utm_campaign=laporpajaktenang+%7c+reels&fbclid=IwAR{click}',
        'https://l.facebook.com/', true
    ),
    ('calm_meta', 'facebook', 'paid_social', 10, '?fbclid=IwAR{click}', 'https://l.facebook.com/', false),
    (
        'resto', 'instagram', 'paid_social', 85,
        '?utm_source=instagram&utm_medium=paid_social&utm_campaign=Kasir+%26+Pajak+Resto&fbclid=IwAR{click}',
        'https://l.instagram.com/', true
    ),
    ('resto', 'instagram', 'paid_social', 15, '?fbclid=IwAR{click}', 'https://l.instagram.com/', false),
    (
        'retargeting', 'facebook', 'paid_social', 90,
        '?utm_source=fb&utm_medium=cpc&utm_campaign=Retargeting+Harga&utm_id=23850011223340002&fbclid=IwAR{click}',
        'https://l.facebook.com/', true
    ),
    ('retargeting', 'facebook', 'paid_social', 10, '?fbclid=IwAR{click}', 'https://l.facebook.com/', false),
    (
        'tiktok', 'tiktok', 'paid_social', 75,
        '?utm_source=tiktok&utm_medium=paid_social&utm_campaign=Pajak+60+Detik&ttclid=E.C.P.{click}',
        'https://www.tiktok.com/', true
    ),
    (
        'tiktok', 'tiktok', 'paid_social', 15,
        '?utm_source=TikTok&utm_medium=cpc&utm_campaign=pajak60detik&ttclid=E.C.P.{click}',
        'https://www.tiktok.com/', true
    ),
    ('tiktok', 'tiktok', 'paid_social', 10, '', 'https://www.tiktok.com/', false),
    (
        'calm_tiktok', 'tiktok', 'paid_social', 100,
        '?utm_source=tiktok&utm_medium=paid_social&utm_campaign=%23laporpajaktenang_tiktok&ttclid=E.C.P.{click}',
        '', true
    ),
    (
        'linkedin', 'linkedin', 'paid_social', 80,
        '?utm_source=linkedin&utm_medium=paid_social&utm_campaign=Direktur+Keuangan&li_fat_id={click}',
        'https://www.linkedin.com/', true
    ),
    ('linkedin', 'linkedin', 'paid_social', 20, '?li_fat_id={click}', 'https://www.linkedin.com/', true),
    (
        'newsletter', 'newsletter', 'email', 90,
        '?utm_source=newsletter&utm_medium=email&utm_campaign=Kabar+Pajak',
        '', true
    ),
    ('newsletter', 'newsletter', 'email', 10, '', '', false)
)

select
    *,
    (sum(weight) over (partition by way order by query, referrer) - weight)
    / sum(weight) over (partition by way) as from_share
from given;

create table pages as
select *
from (
    values
    ('/', 0.14),
    ('/harga', 0.0),
    ('/fitur/e-faktur', 0.13),
    ('/fitur/spt-tahunan', 0.12),
    ('/panduan-lengkap-pajak-ukm', 0.16),
    ('/blog/cara-lapor-spt-tahunan', 0.15), ('/blog/pph-final-umkm', 0.12), ('/blog/coretax-untuk-pemula', 0.10),
    ('/webinar/bedah-coretax', 0.05), ('/tentang-kami', 0.03)
) as pages (path, share);
