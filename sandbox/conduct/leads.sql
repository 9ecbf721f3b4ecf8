-- What a person who asked becomes in the CRM: when the record is made, in which CRM, and what it knows of the person.
create table leads as
select
    lives.i,
    people.person_id,
    lives.asked_at,
    lives.asked_in,
    lives.convinced_at,
    lives.buys,
    meetings.way,
    meetings.channel,
    meetings.campaign_id,
    meetings.trace,
    -- a form arrives within seconds, an ad platform's form within the hour; what people copy takes until they work
    date_trunc(
        'second',
        case meetings.trace
            when 'visit' then
                lives.asked_at
                + interval 4 minute
                + to_seconds(cast(20 + floor(70 * chance('sync', lives.i)) as bigint))
            when 'lead_ad' then lives.asked_at + wait_days(0.03, 'sync', lives.i)
            when 'chat' then at_office(lives.asked_at + wait_days(0.15, 'sync', lives.i))
            when 'event' then at_office(lives.asked_at + interval 1 day + wait_days(0.3, 'sync', lives.i))
            else at_office(lives.asked_at + wait_days(0.2, 'sync', lives.i))
        end
    ) as created_at,
    -- two teams, and an older branch that moved in with the first one in 2026
    case
        when people.employee_count >= 100 or people.country != 'ID' then 'salesforce'
        when people.city = 'Surabaya' and lives.asked_at < timestamp '2026-01-01 00:00:00' then 'zoho'
        else 'hubspot'
    end as crm,
    meetings.trace != 'chat' or people.gives_mail as has_email,
    meetings.trace = 'chat' or people.gives_phone as has_phone,
    people.role,
    people.industry,
    people.employee_count,
    people.refuses_consent,
    people.likes_downloads,
    people.uses_free_tool,
    people.firm_number
from lives
inner join people
    on lives.i = people.i
inner join meetings
    on lives.asked_in = meetings.encounter
where not people.is_lost;
