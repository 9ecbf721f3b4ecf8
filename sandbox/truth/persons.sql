-- Every record, browser, address and order of each person. A record is `is_findable` where it shares an address with
-- another record of its person, was merged, or is the only one; what was deleted tells nothing. A browser is where the
-- person was ever named on it: in a form, or by the record that the form made.
create table truth.persons as
with

named_browsers as (
    select
        i,
        browser
    from web_events
    where known_as = i and not refuses_consent and is_past(received_at)
    union
    select
        visits.i,
        visits.browser
    from visits
    inner join mqls
        on visits.i = mqls.i and visits.visit = 'v' || mqls.asked_in
    inner join records
        on visits.i = records.i and records.kind = 'first'
    where
        not visits.refuses_consent
        and is_past(records.created_at)
        and not coalesce(is_past(records.deleted_at), false)
),

known as (
    select
        records.i,
        'record' as kind,
        records.crm as source_system,
        records.record_type,
        records.record_id as identifier,
        records.created_at as known_from,
        records.kind as origin,
        records.kind != 'unknown' and (records.kind != 'merged' or is_past(records.merged_at)) as is_findable,
        coalesce(is_past(records.deleted_at), false) as is_deleted
    from records
    union all
    select distinct
        visits.i,
        'browser',
        'web',
        null,
        visits.browser,
        min(visits.started_at) over (partition by visits.i, visits.browser),
        case when visits.is_borrowed then 'borrowed' else 'own' end,
        named_browsers.i is not null,
        null
    from visits
    left join named_browsers
        on visits.i = named_browsers.i and visits.browser = named_browsers.browser
    where visits.i is not null
    union all
    select
        i,
        'email',
        null,
        null,
        email,
        null,
        null,
        null,
        null
    from people
    union all
    select
        i,
        'phone',
        null,
        null,
        phone,
        null,
        null,
        null,
        null
    from people
    where gives_phone
    union all
    select
        i,
        'order',
        'marketplace',
        null,
        order_id,
        ordered_at,
        null,
        null,
        null
    from orders
    where i is not null
)

select
    people.person_id,
    known.kind,
    known.source_system,
    known.record_type,
    known.identifier,
    utc(known.known_from) as known_from,
    known.origin,
    known.is_findable,
    known.is_deleted
from known
inner join people
    on known.i = people.i
where known.known_from is null or is_past(known.known_from)
order by people.person_id, known.kind, known.source_system, known.identifier;
