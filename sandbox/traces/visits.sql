-- The visits to the site: whose browser, since when, how it got there. People have two devices, clear their cookies or
-- lend a computer to a colleague; strangers and bots have none of that.

-- a browser by the number that the site gives it; `part` is 0 before the cookies were cleared, 1 after, 2 on the
-- second device
create macro browser_of(person, part) as (
    printf(
        '%d.%d',
        100000000 + person * 4 + part,
        1700000000 + cast(floor(9e7 * chance('browser', person * 4 + part)) as bigint)
    )
);

create table visits as
with

-- colleagues of somebody on whose computer nothing is laid out that a definition counts
lenders as (
    select
        people.i,
        people.firm_number as lender
    from people
    inner join mqls
        on people.firm_number = mqls.i
    where
        people.is_colleague
        and chance('borrows', people.i) < 0.3
        and mqls.mql_at is null
        and mqls.near_miss is null
        and not mqls.likes_downloads
),

met as (
    select
        meetings.i,
        'v' || meetings.encounter as visit,
        meetings.met_at as started_at,
        meetings.way,
        meetings.channel,
        meetings.campaign_id,
        meetings.encounter,
        null as deed,
        meetings.is_asking,
        case
            when meetings.is_asking then 1
            when chance('second device', meetings.i) < 0.35 and chance('device', meetings.encounter) < 0.4 then 2
            when chance('cookies', meetings.i) < 0.12 and meetings.met_at < lives.asked_at - interval 25 day then 0
            else 1
        end as part
    from meetings
    left join lives
        on meetings.i = lives.i
    where meetings.trace = 'visit'
),

-- what is done with a plan: people come by themselves, or search for the name
done as (
    select
        deeds.i,
        'w' || deeds.deed as visit,
        deeds.done_at - interval 90 second as started_at,
        case when chance('deed way', deeds.deed) < 0.6 then 'direct' else 'organic' end as way,
        case when way = 'direct' then 'direct' else 'organic_search' end as channel,
        null as campaign_id,
        null as encounter,
        deeds.deed,
        false as is_asking,
        1 as part
    from deeds
    where not (deeds.form is not distinct from 'demo' and deeds.is_at_once)
),

-- of the clicks that a platform counts half never arrive; behind the rest are people who look once and never need it
strangers as (
    select
        null as i,
        concat_ws('-', 's', ad_days.campaign_id, ad_days.day, n) as visit,
        ad_days.day + to_seconds(cast(floor(86399 * chance('stranger', concat_ws('-', campaign_id, day, n))) as bigint))
            as started_at,
        ad_days.way,
        ad_days.channel,
        ad_days.campaign_id,
        null as encounter,
        null as deed,
        false as is_asking,
        1 as part
    from ad_days
    cross join lateral unnest(range(cast(floor(0.5 * (ad_days.clicks - ad_days.met_clicks)) as bigint))) as numbers (n)
    where ad_days.trace = 'visit'
),

visited as (
    from met
    union all by name
    from done
    union all by name
    from strangers
),

tagged as (
    select
        visited.*,
        tags.source,
        tags.medium,
        tags.query as query_pattern,
        tags.referrer,
        tags.is_told,
        substr(md5(concat_ws('/', getvariable('seed'), 'click', visited.visit)), 1, 20) as click
    from visited
    asof join tags
        on visited.way = tags.way and chance('tag', visited.visit) >= tags.from_share
)

select
    tagged.* exclude (part, query_pattern, click),
    case
        when tagged.i is null then
            printf(
                '%d.%d',
                900000000 + cast(floor(1e8 * chance('stranger 1', tagged.visit)) as bigint),
                1700000000 + cast(floor(9e7 * chance('stranger 2', tagged.visit)) as bigint)
            )
        when tagged.part = 2 and lenders.lender is not null then browser_of(lenders.lender, 1)
        else browser_of(tagged.i, tagged.part)
    end as browser,
    tagged.part = 2 and lenders.lender is not null as is_borrowed,
    replace(tagged.query_pattern, '{click}', tagged.click) as query,
    nullif(regexp_extract(query, '(?:gclid|fbclid|ttclid|li_fat_id)=([^&]+)', 1), '') as click_id,
    coalesce(people.refuses_consent, chance('consent', tagged.visit) < 0.07) as refuses_consent,
    coalesce(people.country, 'ID') as country,
    pick(
        [
            'Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) '
            || 'Chrome/128.0.0.0 Mobile Safari/537.36',
            'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
            || 'Chrome/129.0.0.0 Safari/537.36',
            'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) '
            || 'Version/17.5 Mobile/15E148 Safari/604.1'
        ],
        'agent', coalesce(cast(tagged.i * 4 + tagged.part as text), tagged.visit)
    ) as user_agent,
    case
        when tagged.deed is not null or tagged.i is null then 1
        else 1 + cast(floor(6 * pow(chance('pages', tagged.visit), 1.6)) as integer)
    end as page_views
from tagged
left join people
    on tagged.i = people.i
left join lenders
    on tagged.i = lenders.i;

-- machines that look at pages day and night
create table bot_visits as
select
    'b' || n as visit,
    printf('%d.%d', 50000000 + n, 1600000000 + n) as browser,
    cast(calendar.first_day as timestamp)
    + to_seconds(
        cast(
            floor(
                chance('bot', n) * date_diff('second', cast(calendar.first_day as timestamp), calendar.ends_at)
            ) as bigint
        )
    )
        as started_at,
    pick(
        [
            'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
            'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
            'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
            'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'
        ],
        'bot agent', n
    ) as user_agent
from range(cast(round(getvariable('leads') * 0.35) as bigint)) as numbers (n)
cross join calendar;
