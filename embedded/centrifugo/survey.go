package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/centrifugal/centrifuge"
)

// channelsSurvey asks every node for its channels and their subscribers.
const channelsSurvey = "channels"

const surveyFault = 1

func answerSurvey(node *centrifuge.Node) centrifuge.SurveyHandler {
	return func(event centrifuge.SurveyEvent, reply centrifuge.SurveyCallback) {
		if event.Op != channelsSurvey {
			reply(centrifuge.SurveyReply{Code: surveyFault})
			return
		}
		matches := func(string) bool { return true }
		if pattern := string(event.Data); pattern != "" {
			matches = wildcard(pattern)
		}
		found := map[string]channelInfo{}
		for _, name := range node.Hub().Channels() {
			if count := node.Hub().NumSubscribers(name); count > 0 && matches(name) {
				found[name] = channelInfo{NumClients: count}
			}
		}
		data, err := json.Marshal(found)
		if err != nil {
			reply(centrifuge.SurveyReply{Code: surveyFault})
			return
		}
		reply(centrifuge.SurveyReply{Data: data})
	}
}

func surveyChannels(ctx context.Context, node *centrifuge.Node, pattern string) (map[string]channelInfo, error) {
	answers, err := node.Survey(ctx, channelsSurvey, []byte(pattern), "")
	if err != nil {
		return nil, err
	}
	total := map[string]channelInfo{}
	for uid, answer := range answers {
		var found map[string]channelInfo
		if answer.Code != 0 {
			return nil, fmt.Errorf("node %s answered the survey with code %d", uid, answer.Code)
		}
		if err := json.Unmarshal(answer.Data, &found); err != nil {
			return nil, err
		}
		for name, info := range found {
			total[name] = channelInfo{NumClients: total[name].NumClients + info.NumClients}
		}
	}
	return total, nil
}
